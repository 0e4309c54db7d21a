import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Platform } from '../../../platform/ctx.ts'
import type { Problem } from '../../../platform/errors.ts'
import { Dormant } from '../errors.ts'
import { readFence, shareFence } from './queries.ts'
import { shareFenceFor, type Worker } from './share-fence.ts'

/**
 * Begins something outside while the fence is shared, so that nothing begins once a stop has settled (fence.ts). `begin`
 * must only begin: what it returns is waited for outside of the transaction. Throws Dormant, also when the state cannot be read;
 * for an agent's work also what stops that work alone.
 */
export async function withFence<T>(platform: Platform, begin: (version: number) => Promise<T>, worker?: Worker): Promise<T> {
  const begun = await platform.store.within({ service: 'fence' }, async (tx) => {
    const [, , [fence]] = await Promise.all([worker && shareFenceFor(tx, worker), worker ? [] : tx.send(shareFence()), tx.send(readFence(tx.db))])
    if (fence?.state !== 'operational') throw Dormant()
    const answer = begin(Number(fence.version))
    answer.catch(() => {}) // Waited for below; never unhandled while the transaction ends.
    // A library may take several steps to begin; those that wait for nothing from outside are done by the next turn.
    await nextTurn()
    return { answer }
  })
  return begun.answer
}

/** The calls to the outside that this node has begun and that have not ended: models, webhooks, mail. */
export type InFlight = {
  /** Begins a call if the fence lets it; the signal is aborted when the architect stops the system or somebody that worker, or by `signal`. */
  start<T>(call: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal, worker?: Worker): Promise<T>
  /** The same for each request of a library that is given a `fetch`; a request lasts until its body has been read. */
  guard(fetch: Fetch): Fetch
  /** Aborts the calls that began under an older version of the fence. */
  abortBefore(version: number): void
  /** Aborts the calls of workers that are stopped by themselves, with what stops them. */
  abortStopped(stopOf: (worker: Worker) => Problem | undefined): void
  count(): number
}

type Fetch = typeof globalThis.fetch
type Flight = { version: number; controller: AbortController; worker: Worker | undefined }

export function createInFlight(platform: Platform): InFlight {
  const flights = new Set<Flight>()

  /** The flight is in the registry before the fence is let go: a stop that settles afterwards finds it. */
  async function depart<T>(call: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal | null, worker?: Worker): Promise<{ flight: Flight; answer: T }> {
    const flight: Flight = { version: Infinity, controller: new AbortController(), worker }
    const combined = signal ? AbortSignal.any([signal, flight.controller.signal]) : flight.controller.signal
    try {
      const answer = await withFence(platform, (version) => {
        flight.version = version
        flights.add(flight)
        return call(combined)
      }, worker)
      return { flight, answer }
    } catch (error) {
      // The transaction may have failed after the call began: whatever it is doing must end.
      flight.controller.abort(Dormant())
      flights.delete(flight)
      throw error
    }
  }

  return {
    async start(call, signal, worker) {
      const { flight, answer } = await depart(call, signal, worker)
      flights.delete(flight)
      return answer
    },
    guard: (fetch) => async (input, init) => {
      const { flight, answer } = await depart((signal) => fetch(input, { ...init, signal }), init?.signal)
      const landed = (): void => { flights.delete(flight) }
      if (answer.body) return new Response(untilRead(answer.body, landed), { status: answer.status, statusText: answer.statusText, headers: answer.headers })
      landed()
      return answer
    },
    abortBefore(version) {
      for (const flight of flights) {
        if (flight.version >= version) continue
        flights.delete(flight)
        flight.controller.abort(Dormant())
      }
    },
    abortStopped(stopOf) {
      for (const flight of flights) {
        const stop = flight.worker && stopOf(flight.worker)
        if (!stop) continue
        flights.delete(flight)
        flight.controller.abort(stop)
      }
    },
    count: () => flights.size,
  }
}

/** Passes a body through and tells when it was read, failed or given up. */
function untilRead(body: ReadableStream<Uint8Array>, landed: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (!done) return controller.enqueue(value)
        landed()
        controller.close()
      } catch (error) {
        landed()
        controller.error(error)
      }
    },
    cancel(reason) {
      landed()
      return reader.cancel(reason)
    },
  })
}
