import { page, toPage } from '../../platform/http/page.ts'
import { read, write, type Route } from '../../platform/http/route.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import { Contact, ContactKey, ListContacts } from './contract.ts'
import { createContact } from './create-contact.ts'
import { deleteContact } from './delete-contact.ts'
import { presentContact } from './present.ts'
import { findContact, listContacts } from './queries.ts'
import { restoreContact } from './restore-contact.ts'
import { updateContact } from './update-contact.ts'

export const routes: Route[] = [
  write('POST /contacts', createContact),
  write('PATCH /contacts/:contact_id', updateContact, { problems: ['binned'] }),
  write('DELETE /contacts/:contact_id', deleteContact, { problems: ['binned'] }),
  write('POST /contacts/:contact_id/restore', restoreContact, { problems: ['not_binned'] }),
  read('GET /contacts', {
    summary: 'List contacts, newest first', input: ListContacts, output: page(Contact),
    run: async (ctx, q) => toPage(
      await listContacts(ctx.db, ctx.identityId, { limit: q.limit, query: q.query, binned: q.binned === 'true', before: ctx.platform.cursors.decode(q.cursor) }),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: (row) => row.id, present: presentContact },
    ),
  }),
  read('GET /contacts/:contact_id', {
    summary: 'Get a contact', input: ContactKey, output: Contact, problems: ['not_found', 'identity_boundary'],
    run: async (ctx, { contact_id }) => presentContact(await findContact(ctx.db, ctx.identityId, contact_id) ?? await refuseMissing(ctx, { type: 'contact', id: contact_id })),
  }),
]
