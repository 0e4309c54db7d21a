import { setTimeout as wait } from 'node:timers/promises'

const PATIENCE_MS = 60_000

/** Looks until it answers something true, and answers that. Throws when it never does. */
export async function eventually<T>(what: string, look: () => Promise<T> | T): Promise<NonNullable<T>> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`It did not become true in ${PATIENCE_MS / 1_000} s that ${what}`)
    await wait(20)
  }
}
