import type { Mailer } from '../../adapters/mail/mailer.ts'
import type { Platform } from '../../platform/ctx.ts'
import type { Tx } from '../../platform/db/store.ts'
import { isProblem } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { Conflict, NotFound, RateLimited } from '../../platform/problems.ts'
import { disperseFleet } from '../atom/dispersal/disperse-fleet.ts'
import { instanceScene } from '../audit/instance.ts'
import { record } from '../audit/record.ts'
import { issueCode } from '../governance/fence/dispersal.ts'
import type { Fence } from '../governance/fence/fence.ts'
import { liftPause, setPause } from '../governance/fence/pauses.ts'
import { claimAnswer, claimOver, claimUntold, findLongerBlock, markGiven, markLifted, markTold, type AnswerRow } from './queries.ts'

export type Hands = { platform: Platform; fence: Fence; mailer: Mailer | null }

const ROLE = 'safeguard'

const sceneOf = ({ clock }: Platform) => instanceScene({ role: ROLE, requestId: newId(), now: () => clock.now() })

/** Gives the next answer that is due; false when none is. The row stays locked while it is given, so no two nodes give it; given twice after a crash it changes nothing more. */
export const giveNext = (hands: Hands): Promise<boolean> => hands.platform.store.within({ service: ROLE }, async (tx) => {
  const [due] = await tx.send(claimAnswer(tx.db))
  if (!due) return false
  const at = hands.platform.clock.now()
  const blocked = await give(hands, due)
  await tx.send(markGiven(tx.db, due.id, { at, pauseId: blocked, until: blocked ? new Date(at.getTime() + hands.platform.settings.SAFEGUARD_BLOCK_MINUTES * 60_000) : null }))
  record(tx, sceneOf(hands.platform), { action: 'safeguard.answered', outcome: 'done', details: { kind: due.kind, answer: due.answer } })
  return true
})

/** The id of the pause that was set; null where there was none to set. */
async function give(hands: Hands, { kind, answer, identity_id: identityId }: AnswerRow): Promise<string | null> {
  if (answer === 'temporary_block' && identityId !== null) return block(hands, { kind, identityId })
  if (answer === 'partial' || answer === 'sectoral' || answer === 'total') await disperse(hands, { kind, level: answer })
  return null
}

/** Stops what works for an identity: its agents, its keys, its automations, Nova. The person goes on, and sees why. */
async function block({ platform, fence }: Hands, { kind, identityId }: { kind: string; identityId: string }): Promise<string> {
  const pause = await setPause(fence, {
    setter: { by: ROLE, identityId }, scope: 'identity', target: identityId, reason: kind, at: platform.clock.now(),
    announce: (tx) => { record(tx, sceneOf(platform), { action: 'atom.pause', outcome: 'done', details: { scope: 'identity', reason: kind } }) },
  })
  return pause.id
}

/** With a code of its own, like anyone who disperses. What was dispersed within the hour at that level is dispersed. */
async function disperse({ platform, fence }: Hands, { kind, level }: { kind: string; level: 'partial' | 'sectoral' | 'total' }): Promise<void> {
  try {
    const { code } = await issueCode(platform, { by: ROLE, announce: (tx) => { record(tx, sceneOf(platform), { action: 'atom.code_issued', outcome: 'done' }) } })
    await disperseFleet(fence, { platform, requestId: newId() }, { code, level, reason: kind, by: ROLE })
  } catch (error) {
    if (!isProblem(error, RateLimited)) throw error
  }
}

/** Lifts the next block whose time is over; false when there is none. Two answers to one identity stand on one pause: the last one's time counts. */
export const liftNext = ({ platform, fence }: Pick<Hands, 'platform' | 'fence'>): Promise<boolean> => platform.store.within({ service: ROLE }, async (tx) => {
  const now = platform.clock.now()
  const [over] = await tx.send(claimOver(tx.db, now))
  if (!over) return false
  const longer = over.pause_id === null ? [] : await tx.send(findLongerBlock(tx.db, over.pause_id, now))
  if (longer.length === 0) await lift(fence, platform, over.pause_id)
  await tx.send(markLifted(tx.db, over.id, now))
  return true
})

async function lift(fence: Fence, platform: Platform, id: string | null): Promise<void> {
  if (id === null) return
  const announce = (tx: Tx): void => { record(tx, sceneOf(platform), { action: 'atom.unpause', outcome: 'done', details: { by: ROLE } }) }
  try {
    await liftPause(fence, { setter: { by: ROLE, identityId: null }, id, announce })
  } catch (error) {
    // A person lifted it already.
    if (!isProblem(error, NotFound) && !isProblem(error, Conflict)) throw error
  }
}

/** Tells whoever runs the instance, by e-mail where one is set, else in the log: the next answer nobody was told of. False when there is none. */
export async function tellNext({ platform, mailer }: Pick<Hands, 'platform' | 'mailer'>): Promise<boolean> {
  const { store, settings, clock, log } = platform
  return store.within({ service: ROLE }, async (tx) => {
    const [row] = await tx.send(claimUntold(tx.db))
    if (!row) return false
    log.warn({ violation: row.kind, severity: row.severity, answer: row.answer }, 'the safeguard has answered a violation')
    const to = settings.SAFEGUARD_EMAIL
    const delivery = to && mailer ? await mailer.send(mailOf(row, { to, from: settings.MAIL_FROM }), AbortSignal.timeout(30_000)) : { fate: 'sent' as const }
    const isOver = delivery.fate === 'sent' || delivery.fate === 'unknown' || delivery.fate === 'refused'
    await tx.send(markTold(tx.db, row.id, isOver ? clock.now() : null))
    return isOver
  })
}

const mailOf = (row: AnswerRow, { to, from }: { to: string; from: string }) => ({
  id: row.id, to: { name: null, address: to }, replyTo: { name: 'CHE·NU', address: from.replace(/^.*<|>$/g, '') }, writtenAt: row.at,
  subject: `CHE·NU: ${row.kind} → ${row.answer}`,
  text: [
    `The safeguard of your instance saw "${row.kind}" (${row.severity}) and answered "${row.answer}" at ${row.at.toISOString()}.`,
    'Look at it with the operator’s key: GET /api/v2/security/violations; return to nominal with POST /api/v2/security/reset.', '',
    `Le brise-circuit de votre instance a observé « ${row.kind} » (${row.severity}) et répondu « ${row.answer} » à ${row.at.toISOString()}.`,
    'Consultez-le avec la clé de l’opérateur : GET /api/v2/security/violations ; revenez à la normale avec POST /api/v2/security/reset.',
  ].join('\n'),
})
