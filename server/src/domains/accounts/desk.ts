import type { Platform } from '../../platform/ctx.ts'
import type { AccessTokens } from './access-token.ts'
import type { Passwords } from './hash-password.ts'
import type { LiveSessions } from './live-sessions.ts'
import type { Throttle } from './throttle.ts'

/** The front desk: what everything that signs people in and out shares; built once. */
export type Desk = { platform: Platform; tokens: AccessTokens; live: LiveSessions; passwords: Passwords; throttle: Throttle }

/** One call at the desk: its request id, for the audit, and the network address, for the throttle alone. */
export type Visit = { requestId: string; address: string }
