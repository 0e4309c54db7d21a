const DRAIN_LIMIT_MS = 10_000
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const FAULTS = ['uncaughtException', 'unhandledRejection'] as const

/** Unwinds a start that is not wanted any more. */
class StopWanted extends Error {
  override name = 'StopWanted'
}

export type Shutdown = {
  /** Says how what was just started ends. Throws StopWanted when a signal came meanwhile. */
  add(ending: () => Promise<void> | void): void
  /** Throws StopWanted when a signal came. */
  check(): void
  /** Tells that the start is over: from now on a signal ends everything itself. Throws StopWanted when one came. */
  opened(): void
  /** Takes the reports of faults that nobody caught. */
  onFault(report: (fault: string, error: unknown) => void): void
  /** Asks for the end with an exit code; false when it was asked for before, by a signal or a fault. */
  begin(code: number): boolean
  /** Ends what was started, the latest first, and then the process. */
  end(): Promise<void>
}

/**
 * Ends the process in order, from its first line on: a signal during the start unwinds that, a later one lets requests
 * in flight end before the database. Ctrl-C arrives twice (npm passes it on): once is enough. After 10 s it ends at once.
 */
export function createShutdown(): Shutdown {
  const endings: Array<() => Promise<void> | void> = []
  let wanted: number | undefined
  let isOpen = false
  let report: (fault: string, error: unknown) => void = (fault, error) => { process.stderr.write(`CHE·NU failed (${fault}): ${error instanceof Error ? error.stack : String(error)}\n`) }

  const check = (): void => {
    if (wanted !== undefined) throw new StopWanted()
  }
  const end = async (): Promise<void> => {
    for (const ending of endings.toReversed()) {
      await Promise.resolve().then(ending).catch((error: unknown) => {
        report('an ending failed', error)
        wanted = 1
      })
    }
    process.exit(wanted)
  }
  const begin = (code: number): boolean => {
    if (wanted !== undefined) return false
    wanted = code
    setTimeout(() => process.exit(1), DRAIN_LIMIT_MS).unref()
    if (isOpen) void end()
    return true
  }
  for (const signal of SIGNALS) process.on(signal, () => { begin(0) })
  // The launcher holds a channel to this process: when it is killed, nobody is left to pass a signal on.
  process.once('disconnect', () => { begin(0) })
  for (const fault of FAULTS) {
    process.on(fault, (error: unknown) => {
      report(fault, error)
      begin(1)
    })
  }
  return {
    check, begin, end,
    add(ending) {
      endings.push(ending)
      check()
    },
    opened() {
      check()
      isOpen = true
    },
    onFault(listener) { report = listener },
  }
}
