import { randomBytes } from 'node:crypto'
import type { Delivery, Mail, Mailer } from '../../../adapters/mail/mailer.ts'
import { sha256 } from '../../../platform/canonical.ts'
import type { Platform } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import type { Language } from '../../../platform/text.ts'
import { isLinked, letterText, LINK_MINUTES, LINK_PATHS, type LetterKind, type LinkedKind } from './letter-texts.ts'
import { claimLetter, deleteLetter, findAddressee, insertMailedToken, postponeLetter } from './queries.ts'

/** Longer than the mailer's own limit: whoever still holds a letter then is gone. */
const LEASE_MS = 60_000
const ATTEMPTS_MAX = 6
const FIRST_WAIT_MS = 5_000

type Letter = Awaited<ReturnType<ReturnType<typeof claimLetter>['executeTakeFirstOrThrow']>>
type Addressee = Awaited<ReturnType<ReturnType<typeof findAddressee>['executeTakeFirstOrThrow']>>

/**
 * Writes and sends one due letter; false when none is due. The claim and the token of its link are one commit, so each
 * attempt has a link of its own and no token lies where letters wait. A worker that is gone, or a line that broke in the
 * middle, means another attempt for a link (a second mail with a fresh link harms nobody), and none for a notice.
 */
export async function deliverLetter(platform: Platform, mailer: Mailer, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false
  const claimed = await claim(platform)
  if (!claimed) return false
  const { letter, mail } = claimed
  const delivery = mail ? await mailer.send(mail, signal) : { fate: 'refused', reason: 'nobody' } as const
  await settle(platform, letter, delivery)
  return true
}

async function claim(platform: Platform): Promise<{ letter: Letter; mail: Mail | undefined } | undefined> {
  const { store, clock } = platform
  return store.within({ service: 'letters' }, async (tx) => {
    const now = clock.now()
    const [letter] = await tx.send(claimLetter(tx.db, now, new Date(now.getTime() + LEASE_MS)))
    if (!letter) return undefined
    const [person] = letter.user_id === null ? [] : await tx.send(findAddressee(tx.db, letter.user_id, letter.change_id))
    return { letter, mail: person && await compose(platform, tx, { letter, person, now }) }
  })
}

type Parts = { letter: Letter; person: Addressee; now: Date }

/** Undefined when what the letter was about is over, such as a change of address that another one replaced. */
async function compose({ settings }: Platform, tx: Tx, { letter, person, now }: Parts): Promise<Mail | undefined> {
  const kind = letter.kind as LetterKind
  if (letter.change_id !== null && person.change_id === null) return undefined
  const address = kind === 'change_email' ? person.new_email : kind === 'email_changed' ? person.old_email : person.email
  if (address === null || (isLinked(kind) && !settings.PUBLIC_URL)) return undefined
  const link = isLinked(kind) ? `${settings.PUBLIC_URL?.replace(/\/+$/, '')}${LINK_PATHS[kind]}#${await mint(tx, kind, { letter, person, now })}` : undefined
  const { subject, text } = letterText(kind, letter.language as Language, link)
  return { id: letter.id, to: { name: person.name, address }, subject, text, writtenAt: letter.created_at }
}

/** 256 random bits, of which only the hash is stored. */
async function mint(tx: Tx, purpose: LinkedKind, { letter, person, now }: Parts): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const emailKey = purpose === 'change_email' ? person.new_key ?? '' : person.email_key
  await tx.send(insertMailedToken(tx.db, {
    hash: sha256(token), userId: person.id, purpose, emailKey, changeId: letter.change_id, at: now, expiresAt: new Date(now.getTime() + LINK_MINUTES * 60_000),
  }))
  return token
}

async function settle({ store, clock, log }: Platform, letter: Letter, delivery: Delivery): Promise<void> {
  const again = delivery.fate === 'later' || (delivery.fate === 'unknown' && isLinked(letter.kind))
  const isOver = !again || letter.attempts >= ATTEMPTS_MAX
  const waitMs = delivery.fate === 'later' && delivery.reason === 'stopped' ? 0 : FIRST_WAIT_MS * 3 ** (letter.attempts - 1)
  await store.within({ service: 'letters' }, (tx) => tx.send(isOver ? deleteLetter(tx.db, letter) : postponeLetter(tx.db, letter, new Date(clock.now().getTime() + waitMs))))
  if (isOver && delivery.fate !== 'sent' && delivery.reason !== 'nobody') log.warn({ letter: letter.kind, fate: delivery.fate, reason: delivery.reason, attempts: letter.attempts }, 'a letter did not arrive')
}
