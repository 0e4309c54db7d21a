import { z } from 'zod'
import type { CommittedEvent } from '../events/event.ts'
import type { Problem } from '../errors.ts'
import { parseJson } from '../http/json.ts'
import { isProblem } from '../errors.ts'
import type { Language } from '../text.ts'
import { BadFrame } from './problems.ts'

const Channel = z.string().min(1).max(200)

/** What a client may send. */
export const ClientFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('auth'), token: z.string().min(1).max(8_192) }),
  z.object({ type: z.literal('subscribe'), channel: Channel, since: z.int().min(0).optional() }),
  z.object({ type: z.literal('unsubscribe'), channel: Channel }),
  z.object({ type: z.literal('ping') }),
])
export type ClientFrame = z.output<typeof ClientFrame>

const notJson = () => BadFrame({ en: 'A message must be valid JSON.', fr: 'Un message doit être du JSON valide.' })
const unknownType = () => BadFrame({
  en: 'A message is {"type": "auth" | "subscribe" | "unsubscribe" | "ping", …} with the members of its type.',
  fr: 'Un message est {"type": "auth" | "subscribe" | "unsubscribe" | "ping", …} avec les membres de son type.',
})

/** Reads a text message. Throws BadFrame. */
export function readFrame(text: string): ClientFrame {
  const parsed = ClientFrame.safeParse(parseOrRefuse(text))
  if (!parsed.success) throw unknownType()
  return parsed.data
}

function parseOrRefuse(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    throw isProblem(error) ? notJson() : error
  }
}

/** A frame as bytes, so that one serialisation serves any number of sockets. */
export const toBytes = (frame: Record<string, unknown>): Buffer => Buffer.from(JSON.stringify(frame))

/** `seq` is null for what is live only and was never written down, such as a heartbeat. */
type Told = Pick<CommittedEvent, 'id' | 'name' | 'data' | 'at'> & { seq: number | null }

/** An event as one channel hears it: these members and no other of its row. */
export const eventFrame = ({ id, seq, name, data, at }: Told, channel: string): Buffer =>
  toBytes({ type: 'event', id, seq, name, channel, data, at: at.toISOString() })

/** How a problem is told over a socket, in the language that the handshake asked for. */
export const problemFrame = (problem: Problem, language: Language, type: 'error' | 'auth_failed' = 'error', about: Record<string, unknown> = {}): Buffer =>
  toBytes({ type, code: problem.code, title: problem.kind.title[language], detail: problem.detail()[language], ...about })
