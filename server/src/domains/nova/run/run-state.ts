import type { z } from 'zod'
import type { IdentityId, SessionId, UserId } from '../../../platform/ids.ts'
import type { Bilingual, Language } from '../../../platform/text.ts'
import { LANES, type Intent, type Lane, type LaneLetter, type PLANNERS, type RunAction, type RUN_STATUSES } from '../contract.ts'

export type LaneState = z.output<typeof Lane>
export type ActionState = Omit<z.output<typeof RunAction>, 'error'> & { error: { code: string; detail: Bilingual } | null }

/** A tool call still to be made, with its arguments as the gate takes them. */
export type Command = { tool: string; args: Record<string, unknown> }

/** What lane F needs to go on after a checkpoint or a restart. */
export type Remaining =
  | { kind: 'commands'; commands: Command[] }
  | { kind: 'conversation'; messages: unknown[]; calls: PendingCall[]; stepsTaken: number }

/** A tool call of the model that waits for its result. */
export type PendingCall = {
  toolCallId: string
  tool: string
  args: Record<string, unknown>
  /** Why its arguments are none; null when they can be looked at. */
  fault: string | null
  /** The checkpoint at which it waits; null when it waits at none. */
  checkpointId: string | null
  /** What the person made of its arguments before approving it, and why. */
  edited?: { args: Record<string, unknown>; note: string | null }
  /** What the model will be told of it; null until that is known. */
  output: ToolOutput | null
}

export type ToolOutput = { failed: boolean; value: Record<string, unknown> }

/** A run as it is kept; lanes A to G write into it in order. */
export type RunState = {
  id: string
  identityId: IdentityId
  userId: UserId
  /** The session that asked; what goes on without a request goes on only while it lives. */
  sessionId: SessionId
  sphereId: number | null
  threadId: string | null
  requestId: string
  language: Language
  message: string
  planner: (typeof PLANNERS)[number]
  status: (typeof RUN_STATUSES)[number]
  intent: z.output<typeof Intent>
  lanes: LaneState[]
  snapshot: unknown
  snapshotHash: string
  encoding: { compact: string; quality: { score: number; grade: string } }
  actions: ActionState[]
  output: { text: string } | null
  usage: { input_tokens: number; output_tokens: number }
  cost: { micro_usd: number | null; kind: 'reported' | 'estimated' | 'unpriced' }
  credits: number
  checkpointId: string | null
  auditEventId: string | null
  error: { code: string; detail: Bilingual } | null
  remaining: Remaining | null
  /** Of the row as it was last read or written: who writes over another version has lost the run to another process. */
  version: number
  createdAt: Date
  completedAt: Date | null
}

export const freshLanes = (): LaneState[] => LANES.map(([lane, name]) => ({ lane, name, status: 'pending', duration_ms: 0 }))

/** Measures lanes one after the other: each ends where the next begins. */
export type LaneTimer = { end(lane: LaneLetter, status?: LaneState['status']): void }

export function timeLanes(lanes: LaneState[]): LaneTimer {
  let since = performance.now()
  return {
    end(letter, status = 'completed') {
      const now = performance.now()
      const lane = lanes.find(({ lane }) => lane === letter)
      if (lane) {
        lane.status = status
        lane.duration_ms = Math.round((lane.duration_ms + now - since) * 100) / 100
      }
      since = now
    },
  }
}
