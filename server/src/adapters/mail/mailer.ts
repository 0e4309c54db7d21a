/** One e-mail as it leaves. `id` names it for good: the same id is the same e-mail. */
export type Mail = {
  id: string
  to: { name: string | null; address: string }
  /** Who wrote it: answers go there. */
  replyTo: { name: string; address: string }
  subject: string | null
  text: string
  writtenAt: Date
}

/** The way out by e-mail. */
export type Mailer = {
  /** Returns once the mail server has taken it. Throws Undelivered, which says what is known. */
  send(mail: Mail, signal: AbortSignal): Promise<void>
}

/**
 * What became of an e-mail that was not taken. `refused`: never, so another try is pointless. `later`: not now, nothing
 * was handed over. `unknown`: the line broke while the text was on its way; the mail server may have it or not.
 */
export type Fate = 'refused' | 'later' | 'unknown'

/** `reason` is a short technical code, such as `smtp_550`; never an address or a text of the mail server. */
export class Undelivered extends Error {
  override name = 'Undelivered'
  readonly fate: Fate
  readonly reason: string
  constructor(fate: Fate, reason: string) {
    super(`${fate}: ${reason}`)
    this.fate = fate
    this.reason = reason
  }
}
