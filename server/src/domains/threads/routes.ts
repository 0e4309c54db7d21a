import { z } from 'zod'
import { page, toPage } from '../../platform/http/page.ts'
import { read, sessionRoute, write, type Route } from '../../platform/http/route.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import { sphereIdOf } from '../spheres/sphere-id.ts'
import { archiveThread } from './archive-thread.ts'
import { ListThreadEvents, ListThreads, Message, RewriteEvent, Thread, ThreadEvent, ThreadKey, ThreadVerdict } from './contract.ts'
import { createThread } from './create-thread.ts'
import { deleteThread } from './delete-thread.ts'
import { pageEvents } from './page-events.ts'
import { postMessage } from './post-message.ts'
import { presentEvent, presentMessage, presentThread } from './present.ts'
import { findThread, listThreads } from './queries.ts'
import { refuseRewrite } from './refuse-rewrite.ts'
import { reopenThread } from './reopen-thread.ts'
import { restoreThread } from './restore-thread.ts'
import { updateThread } from './update-thread.ts'
import { verifyThread } from './verify-thread.ts'

const MISSING = ['not_found', 'identity_boundary']

const writes: Route[] = [
  write('POST /threads', createThread),
  write('PATCH /threads/:thread_id', updateThread, { problems: ['binned', 'thread_archived'] }),
  write('POST /threads/:thread_id/messages', postMessage, { problems: ['binned', 'thread_archived'] }),
  write('POST /threads/:thread_id/archive', archiveThread, { problems: ['binned'] }),
  write('POST /threads/:thread_id/reopen', reopenThread, { problems: ['binned'] }),
  write('DELETE /threads/:thread_id', deleteThread, { problems: ['binned'] }),
  write('POST /threads/:thread_id/restore', restoreThread, { problems: ['not_binned'] }),
]

const reads: Route[] = [
  read('GET /threads', {
    summary: 'List threads, newest first', input: ListThreads, output: page(Thread),
    run: async (ctx, q) => toPage(
      await listThreads(ctx.db, ctx.identityId, { limit: q.limit, query: q.query, status: q.status, sphereId: sphereIdOf(q.sphere_id), binned: q.binned === 'true', before: ctx.platform.cursors.decode(q.cursor) }),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: (row) => row.id, present: presentThread },
    ),
  }),
  read('GET /threads/:thread_id', {
    summary: 'Get a thread', input: ThreadKey, output: Thread, problems: MISSING,
    run: async (ctx, { thread_id }) => presentThread(await findThread(ctx.db, ctx.identityId, thread_id) ?? await refuseMissing(ctx, { type: 'thread', id: thread_id })),
  }),
  read('GET /threads/:thread_id/messages', {
    summary: 'List the messages of a thread', input: ListThreadEvents, output: page(Message), problems: MISSING,
    run: (ctx, q) => pageEvents(ctx, { ...q, type: 'message.posted', present: presentMessage }),
  }),
  read('GET /threads/:thread_id/events', {
    summary: 'List everything that a thread’s log holds', input: ListThreadEvents, output: page(ThreadEvent), problems: MISSING,
    run: (ctx, q) => pageEvents(ctx, { ...q, present: presentEvent }),
  }),
  read('GET /threads/:thread_id/events/verify', {
    summary: 'Check every link of a thread’s log', input: ThreadKey, output: ThreadVerdict, problems: MISSING,
    run: (ctx, { thread_id }) => verifyThread(ctx, thread_id),
  }),
]

/** The past cannot be rewritten, so there is no action for it: these answer 403 and say why. */
const refusals: Route[] = (['events', 'messages'] as const).flatMap((kind) => (['PATCH', 'PUT', 'DELETE'] as const).map((method) =>
  sessionRoute(`${method} /threads/:thread_id/${kind}/:event_id`, {
    summary: 'Refused: the log of a thread is append-only', input: RewriteEvent, output: z.never(), problems: [...MISSING, 'thread_immutable'],
    run: (ctx, { thread_id, event_id }) => refuseRewrite(ctx, { threadId: thread_id, eventId: event_id }),
  })))

export const routes: Route[] = [...writes, ...reads, ...refusals]
