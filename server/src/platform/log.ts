import { pino, type Logger, type DestinationStream } from 'pino'

export type Log = Logger

/**
 * The operational log: JSON lines, technical facts only (invariant 8, zero log).
 * Errors are reduced to their type, code and frames: a message may quote a person's data.
 */
export function createLog(level: string, destination?: DestinationStream): Log {
  return pino({
    level,
    base: null,
    timestamp: () => `,"at":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: describeError, err: describeError },
  }, destination)
}

/** Name, code and stack frames of an error; never its message. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code, table, constraint, routine } = error as Error & { code?: unknown; table?: unknown; constraint?: unknown; routine?: unknown }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 8).map((line) => line.trim().replace(/\(?file:\/\/.*?\/server\//, '(server/'))
  return { type: error.name, code, table, constraint, routine, frames }
}
