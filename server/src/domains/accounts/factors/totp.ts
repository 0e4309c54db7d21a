import { generateSecret, generateURI, verifySync } from 'otplib'

/** Seconds that a code is shown; RFC 6238's default and what every authenticator takes. */
export const STEP_SECONDS = 30
/** 160 bits, the length of the SHA-1 key that RFC 4226 recommends. */
const SECRET_BYTES = 20
const ISSUER = 'CHE·NU'

/** A new secret in base32. */
export const newTotpSecret = (): string => generateSecret({ length: SECRET_BYTES })

/** What an authenticator reads from a QR code. */
export const otpauthOf = (secret: string, email: string): string => generateURI({ issuer: ISSUER, label: email, secret })

/**
 * The step of which a code is the one: this step, or the one before because clocks and people are slow; undefined for any
 * other. Time is the server's alone. Whether that step was used before is for the database to say.
 */
export function stepOf(secret: string, code: string, now: Date): number | undefined {
  const found = verifySync({ secret, token: code, epoch: Math.floor(now.getTime() / 1_000), epochTolerance: [STEP_SECONDS, 0] })
  return found.valid && 'timeStep' in found ? found.timeStep : undefined
}
