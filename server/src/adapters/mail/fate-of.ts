import type { Delivery } from './mailer.ts'

type SmtpError = { code?: unknown; responseCode?: unknown }

/**
 * What a fault means for the letter. An answer of the mail server settles it: 5xx never, 4xx later. Without an answer it
 * is still ours as long as its text was not begun; after that nobody here can know.
 */
export function fateOf(error: unknown, begun: boolean): Delivery {
  const { code, responseCode } = (error ?? {}) as SmtpError
  if (typeof responseCode === 'number' && responseCode >= 400) {
    // A wrong password or a missing right is the instance's fault, not the letter's: it is put right and tried again.
    const ours = code === 'EAUTH' || code === 'ETLS' || code === 'EPROTOCOL'
    return { fate: responseCode >= 500 && !ours ? 'refused' : 'later', reason: `smtp_${responseCode}` }
  }
  const reason = typeof code === 'string' ? code.toLowerCase() : 'fault'
  if (begun) return { fate: 'unknown', reason }
  return { fate: code === 'EENVELOPE' || code === 'EMESSAGE' ? 'refused' : 'later', reason }
}
