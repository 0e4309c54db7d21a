import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const PREFIX = 'whsec_'
/** 256 bits; Standard Webhooks asks for 192 to 512. */
const SECRET_BYTES = 32
const SECRET_BYTES_MIN = 24
export const TOLERANCE_SECONDS = 300

export const newWebhookSecret = (): string => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`

/** Throws TypeError for a secret that is not in the scheme's form or too short to be one. */
function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '', 'base64')
  if (key.length < SECRET_BYTES_MIN) throw new TypeError('Not a webhook secret')
  return key
}

type Signed = { id: string; timestamp: number; body: string | Buffer }

const macOf = ({ id, timestamp, body }: Signed, secret: string): Buffer => createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest()

/** The headers of Standard Webhooks: one signature for each secret that is valid. `timestamp` in seconds. */
export const signWebhook = (signed: Signed, secrets: string[]): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> => ({
  'webhook-id': signed.id, 'webhook-timestamp': String(signed.timestamp),
  'webhook-signature': secrets.map((secret) => `v1,${macOf(signed, secret).toString('base64')}`).join(' '),
})

export type Verified = { status: 200; id: string; fresh: boolean } | { status: 401; fault: 'headers' | 'time' | 'signature' }

type Incoming = {
  headers: Record<string, string | string[] | undefined>
  /** The bytes as they came, before anything parsed them. */
  raw: Buffer
  secrets: string[]
  now: Date
  /** Keeps an id for good, in the transaction of what the message does; false when it was kept before. */
  remember(id: string): Promise<boolean>
}

/**
 * Verifies a message that somebody sent to us by the same scheme. 401: nothing of it may be believed. 200 and not `fresh`:
 * it came before and does nothing again. What is verified is that a sender knew the secret; it decides over nothing: an
 * approval is a person's, in a live session (product.md, invariant 9).
 */
export async function verifyWebhook({ headers, raw, secrets, now, remember }: Incoming): Promise<Verified> {
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name])
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string' || !/^[\x21-\x7e]{1,256}$/.test(id) || !/^\d{1,12}$/.test(timestamp)) return { status: 401, fault: 'headers' }
  if (Math.abs(Math.floor(now.getTime() / 1_000) - Number(timestamp)) > TOLERANCE_SECONDS) return { status: 401, fault: 'time' }
  const given = signature.split(' ').slice(0, 10).flatMap((part) => (part.startsWith('v1,') ? [Buffer.from(part.slice(3), 'base64')] : []))
  if (!matchesAny({ id, timestamp: Number(timestamp), body: raw }, secrets, given)) return { status: 401, fault: 'signature' }
  return { status: 200, id, fresh: await remember(id) }
}

/** Every pair is compared, in constant time: which one fits, and how much of it, cannot be timed. */
function matchesAny(signed: Signed, secrets: string[], given: Buffer[]): boolean {
  let found = false
  for (const expected of secrets.map((secret) => macOf(signed, secret))) {
    for (const candidate of given) {
      const fits = candidate.length === expected.length && timingSafeEqual(candidate, expected)
      found = fits || found
    }
  }
  return found
}
