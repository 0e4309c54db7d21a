/** One e-mail as it leaves. `id` names it for good: the same id is the same e-mail. */
export type Mail = {
  id: string
  to: { name: string | null; address: string }
  /** Who wrote it: answers go there. A letter of the instance itself has none. */
  replyTo?: { name: string; address: string }
  subject: string | null
  text: string
  writtenAt: Date
}

/**
 * What became of an e-mail. `sent`: the mail server took it. `refused`: never, so another try is pointless. `later`: not
 * now, nothing was handed over. `unknown`: the line broke while the text was on its way; the mail server may have it or
 * not. `reason` is a short technical code, such as `smtp_550`; never an address or a text of the mail server.
 */
export type Delivery = { fate: 'sent' } | { fate: 'refused' | 'later' | 'unknown'; reason: string }

/** The way out by e-mail. */
export type Mailer = {
  /** Hands one e-mail to the mail server, in 20 s at most; never throws. */
  send(mail: Mail, signal: AbortSignal): Promise<Delivery>
}
