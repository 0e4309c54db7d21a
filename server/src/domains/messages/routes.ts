import { page, toPage } from '../../platform/http/page.ts'
import { read, write, type Route } from '../../platform/http/route.ts'
import type { SendAction } from './send-message.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import { ListMessages, Message, MessageKey } from './contract.ts'
import { presentMessage } from './present.ts'
import { findMessage, listMessages } from './queries.ts'
import { readMessage } from './read-message.ts'

export const messageRoutes = (sendMessage: SendAction): Route[] => [
  write('POST /messages', sendMessage, { status: 201, problems: ['ambiguous', 'binned', 'not_configured'] }),
  write('POST /messages/:message_id/read', readMessage, { status: 200 }),
  read('GET /messages', {
    summary: 'List messages, newest first', input: ListMessages, output: page(Message),
    run: async (ctx, q) => toPage(
      await listMessages(ctx.db, ctx.identityId, { limit: q.limit, direction: q.direction, before: ctx.platform.cursors.decode(q.cursor) }),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: (row) => row.id, present: presentMessage },
    ),
  }),
  read('GET /messages/:message_id', {
    summary: 'Get a message', input: MessageKey, output: Message, problems: ['not_found', 'identity_boundary'],
    run: async (ctx, { message_id }) => presentMessage(await findMessage(ctx.db, ctx.identityId, message_id) ?? await refuseMissing(ctx, { type: 'message', id: message_id })),
  }),
]
