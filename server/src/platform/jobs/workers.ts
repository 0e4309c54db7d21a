import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../log.ts'

/** Workers of this node that take what is due, one after the other, until nothing is. */
export type Workers = {
  /** Something was committed: look now. */
  wake(): void
  /** Takes all that is due, and waits for that. */
  sweep(): Promise<void>
  /** Takes no more, and waits until what is under way is written down. */
  stop(): Promise<void>
}

/** `takeNext`: works on the next that is due; false when there is none. `fault` is what the log says when it throws. */
export type WorkersParts = { most: number; takeNext: (signal: AbortSignal) => Promise<boolean>; log: Log; fault: string }

const REST_AFTER_FAULT_MS = 1_000

export function createWorkers({ most, takeNext, log, fault }: WorkersParts): Workers {
  const running = new Set<Promise<void>>()
  const stopping = new AbortController()
  const { signal } = stopping
  let again = false

  function wake(): void {
    if (signal.aborted) return
    // A worker that is about to end may have looked before this commit, hence `again`.
    if (running.size >= most) again = true
    else {
      const worker: Promise<void> = run().finally(() => { running.delete(worker) })
      running.add(worker)
    }
  }

  async function run(): Promise<void> {
    do {
      again = false
      try {
        // Where there was one, there may be more: another worker looks too.
        while (!signal.aborted && await takeNext(signal)) if (running.size < most) wake()
      } catch (error) {
        log.error({ error }, fault)
        await delay(REST_AFTER_FAULT_MS, undefined, { signal, ref: false }).catch(() => {})
      }
    } while (again && !signal.aborted)
  }

  return {
    wake,
    async sweep() {
      wake()
      while (running.size > 0) await Promise.all(running)
    },
    async stop() {
      stopping.abort()
      await Promise.all(running)
    },
  }
}
