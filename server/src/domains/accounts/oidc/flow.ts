import { z } from 'zod'
import { sealText, unsealText } from '../../../platform/sealed.ts'

const Flow = z.strictObject({
  id: z.uuid(), provider: z.string(), redirectUri: z.string(), returnTo: z.string(), state: z.string(), nonce: z.string(), verifier: z.string(), expiresAt: z.int(),
})

/** One sign-in under way. The browser that began keeps it, sealed; so who only has the address that came back can end nothing. */
export type Flow = z.output<typeof Flow>

export const FLOW_SECONDS = 600

const ABOUT = 'oidc flow'

export const sealFlow = (key: Buffer, flow: Flow): string => sealText(key, JSON.stringify(flow), ABOUT)

/** The flow again; undefined when it is not ours, was changed, or is over. */
export function openFlow(key: Buffer, sealed: string, now: Date): Flow | undefined {
  const plain = unsealText(key, sealed, ABOUT)
  const flow = plain && Flow.safeParse(JSON.parse(plain.toString())).data
  return flow && flow.expiresAt > now.getTime() ? flow : undefined
}

/** Where the front end goes on: a path of its own, or its root. Two slashes, a backslash or a scheme would lead elsewhere. */
export const safeReturn = (wanted: string | undefined): string => (wanted !== undefined && /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(wanted) ? wanted : '/')
