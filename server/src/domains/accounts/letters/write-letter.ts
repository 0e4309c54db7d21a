import type { Tx } from '../../../platform/db/store.ts'
import { newId } from '../../../platform/ids.ts'
import { NotConfigured } from '../../../platform/problems.ts'
import type { Settings } from '../../../platform/settings.ts'
import type { Language } from '../../../platform/text.ts'
import type { Desk } from '../desk.ts'
import type { LetterKind } from './letter-texts.ts'
import { insertLetter } from './queries.ts'

/** True when letters with links can leave. */
export const canMailLinks = ({ SMTP_URL, PUBLIC_URL }: Settings): boolean => SMTP_URL !== undefined && PUBLIC_URL !== undefined

/** Throws NotConfigured, naming the setting that letters with links lack. */
export function ensureLinks({ SMTP_URL, PUBLIC_URL }: Settings): void {
  if (!SMTP_URL) throw NotConfigured({ setting: 'SMTP_URL', en: 'E-mail is not configured: set SMTP_URL.', fr: 'L’e-mail n’est pas configuré : définissez SMTP_URL.' })
  if (!PUBLIC_URL) throw NotConfigured({ setting: 'PUBLIC_URL', en: 'Links in e-mails need the address of this instance: set PUBLIC_URL.', fr: 'Les liens des e-mails demandent l’adresse de cette instance : définissez PUBLIC_URL.' })
}

/** `userId` null: nobody; the row is the same work, and its worker drops it. */
type Given = { userId: string | null; kind: LetterKind; language: Language; changeId?: string }

/**
 * Has a letter written to a person: it is in the database from the same commit on, and leaves until it arrived. Only ids
 * lie there; a link is minted when the letter is written. Without a mail server there are no letters.
 */
export function writeLetter(desk: Desk, tx: Tx, { userId, kind, language, changeId = undefined }: Given): void {
  if (!desk.platform.settings.SMTP_URL) return
  const at = desk.platform.clock.now()
  tx.atClose(() => insertLetter(tx.db, { id: newId(), userId, kind, language, changeId: changeId ?? null, at }))
  tx.afterCommit(() => desk.letters.wake())
}
