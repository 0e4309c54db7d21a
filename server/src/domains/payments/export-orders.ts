import type { FastifyReply } from 'fastify'
import type { z } from 'zod'
import type { CallerCtx } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { Conflict, NotFound } from '../../platform/problems.ts'
import { record } from '../audit/record.ts'
import { findOwnIdentity } from '../identities/find-own-identity.ts'
import type { ExportOrders } from './contract.ts'
import { pain001 } from './pain001.ts'
import { listApproved } from './queries.ts'

const ORDERS_MAX = 5_000
const DAY_MS = 24 * 3_600_000

/** Answers with the identity's approved orders as a file for the bank (ISO 20022 pain.001). The export is itself audited. */
export async function exportOrders(ctx: CallerCtx, { from, to }: z.output<typeof ExportOrders>, reply: FastifyReply): Promise<void> {
  const { platform, caller, requestId } = ctx
  const messageId = newId()
  const { rows, debtor } = await platform.store.within(caller, async (tx) => {
    const rows = await listApproved(tx.db, caller.identityId, { from: dayStart(from), until: dayEnd(to), limit: ORDERS_MAX })
    if (rows.length === 0) throw NotFound({ en: 'No order was approved in those days.', fr: 'Aucun ordre n’a été approuvé ces jours-là.' })
    if (rows.length > ORDERS_MAX) throw Conflict({ en: `More than ${ORDERS_MAX} orders; ask for fewer days.`, fr: `Plus de ${ORDERS_MAX} ordres ; demandez moins de jours.` })
    record(tx, { ...caller, via: 'rest', requestId, now: ctx.now }, { action: 'payments.exported', outcome: 'done', effect: 'READ', details: { message_id: messageId, orders: rows.length } })
    return { rows, debtor: await findOwnIdentity(tx, caller.userId, caller.identityId) }
  })
  const file = pain001({
    messageId, createdAt: ctx.now(), initiator: { name: 'CHE·NU' }, debtor: { name: debtor?.name ?? caller.identityId },
    orders: rows.map((row) => ({ id: row.id, beneficiary: row.beneficiary, amountMinor: BigInt(row.amount_minor), currency: row.currency, reference: row.reference, requestedOn: row.created_at })),
  })
  await reply.type('application/xml; charset=utf-8').header('content-disposition', `attachment; filename="chenu-pain001-${messageId}.xml"`).send(file)
}

const dayStart = (day: string | undefined): Date | undefined => (day === undefined ? undefined : new Date(`${day}T00:00:00Z`))

const dayEnd = (day: string | undefined): Date | undefined => (day === undefined ? undefined : new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS))
