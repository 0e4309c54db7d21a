import { randomBytes } from 'node:crypto'
import { sha256 } from '../../platform/canonical.ts'

const FORM = /^[A-Za-z0-9_-]{43}$/

/** A new refresh token: 256 random bits that mean nothing by themselves. */
export const newRefreshToken = (): string => randomBytes(32).toString('base64url')

/** What is stored of a refresh token, or undefined for a text that cannot be one (an access token, for instance). */
export const refreshHashOf = (token: string): string | undefined => (FORM.test(token) ? sha256(token) : undefined)
