import type { z } from 'zod'
import { defineAction, type Action } from '../../../platform/action.ts'
import type { EffectTx } from '../../../platform/ctx.ts'
import { closeAsService, sendAsService } from '../../../platform/db/as-service.ts'
import { emit } from '../../../platform/events/emit.ts'
import { newId, type UserId } from '../../../platform/ids.ts'
import { ValidationError } from '../../../platform/problems.ts'
import type { Gate } from '../gate.ts'
import { CreateDelegation, Delegation } from './contract.ts'
import { WouldCycle } from './errors.ts'
import { DelegationCreated } from './events.ts'
import { presentDelegation } from './present.ts'
import { findReach, findUser, insertDelegation, lockDelegations } from './queries.ts'

type Input = z.output<typeof CreateDelegation>

const DAYS_MAX = 90
const DAY_MS = 24 * 3_600_000
const refuse = (path: string, message: string): Error => ValidationError({ errors: [{ path, message }] })

/** Lets another person decide in one's place for a time. It gives a right away, so even the person is asked twice. */
export const createDelegation = (gate: Gate): Action<Input, z.input<typeof Delegation>> => defineAction({
  name: 'delegations.create', effect: 'GRANT', input: CreateDelegation, output: Delegation, words: { en: ['delegation'], fr: ['délégation'] },
  title: { en: 'Let another person decide in your place for a time', fr: 'Laisser une autre personne décider à votre place pour un temps' },
  summary: ({ to_email, to_user_id, from, until }) => ({
    en: `Let ${to_email ?? to_user_id} decide in your place ${from ? `from ${from} ` : ''}until ${until}`,
    fr: `Laisser ${to_email ?? to_user_id} décider à votre place ${from ? `du ${from} au` : 'jusqu’au'} ${until}`,
  }),
  about: ({ id }) => ({ type: 'delegation', id }),
  resolve: async (tx, input) => ({ ...input, to_user_id: await whom(gate, tx, input) }),
  check: async (tx, input) => { await ensurePossible(tx, input) },
  async run(tx, input) {
    // Two that are made at once would each not see the other, and close a cycle together.
    await tx.send(lockDelegations().compile(tx.db))
    const { to, startsAt, endsAt } = await ensurePossible(tx, input)
    const [row] = await tx.send(insertDelegation(tx.db, { id: newId(), identityId: tx.identityId, from: tx.userId, to, startsAt, endsAt, at: tx.now() }))
    if (!row) throw new Error('An insert without a row')
    const told = { delegation_id: row.id, from_user_id: row.from_user_id, to_user_id: row.to_user_id }
    emit(tx, DelegationCreated, told)
    closeAsService(tx, 'deciders', () => { emit({ ...tx, identityId: null, userId: to as UserId }, DelegationCreated, told) })
    return presentDelegation(row)
  },
})

async function whom(gate: Gate, tx: EffectTx, { to_email, to_user_id }: Input): Promise<string> {
  if (to_email === undefined && to_user_id === undefined) throw refuse('to_email', 'name to_email or to_user_id')
  const found = to_email === undefined ? (await sendAsService(tx, 'deciders', findUser(tx.db, to_user_id ?? '')))[0]?.id : await gate.findPerson(tx, to_email)
  // An address beside another person's id would show the approver somebody else than who gets the right.
  if (found === undefined || (to_user_id !== undefined && found !== to_user_id)) throw refuse(to_email === undefined ? 'to_user_id' : 'to_email', 'nobody here has that')
  return found
}

async function ensurePossible(tx: EffectTx, { to_user_id: to, from, until }: Input): Promise<{ to: string; startsAt: Date; endsAt: Date }> {
  if (to === undefined || to === tx.userId) throw refuse('to_user_id', 'name another person')
  const now = tx.now()
  const startsAt = from === undefined || new Date(from) < now ? now : new Date(from)
  const endsAt = new Date(until)
  if (endsAt <= startsAt) throw refuse('until', 'must lie after its beginning and in the future')
  if (endsAt.getTime() - startsAt.getTime() > DAYS_MAX * DAY_MS) throw refuse('until', `at most ${DAYS_MAX} days after it begins`)
  const [found] = await tx.send(findReach(to, tx.userId, now).compile(tx.db))
  if (found?.reaches !== false) throw WouldCycle()
  return { to, startsAt, endsAt }
}
