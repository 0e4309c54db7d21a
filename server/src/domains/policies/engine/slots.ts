import { preparsePolicySet } from '@cedar-policy/cedar-wasm/nodejs'
import type { Requirement } from '../requirement.ts'

/** A policy as the engine holds it. `requirement` null: a forbid that refuses for good, or a permit. */
export type LoadedPolicy = { text: string; effect: 'permit' | 'forbid'; laws: string[]; requirement: Requirement | null }

/** The policies of one set at one version. It is never changed: another version is another set. */
export type PolicySet = { key: string; stamp: string; policies: ReadonlyMap<string, LoadedPolicy>; /** Some rule of it is in shadow, so that a set of its own says what would be. */ hasShadow: boolean }

/** Cedar keeps what it has parsed under an id for ever, so ids are few and used again. */
const SLOTS = 64

let pools = 0

export type Slots = {
  /** The set under this key, when its stamp is this one. */
  find(key: string, stamp: string): PolicySet | undefined
  /** The id under which Cedar holds the set, parsed now if it is not held. Throws when it does not parse. */
  hold(set: PolicySet): string
}

/**
 * A fixed number of places in Cedar's memory. The set that was asked longest ago makes room; it is parsed again when it
 * is asked again. A key has one place, so that a new version of a set takes the place of the old one.
 */
export function createSlots(count = SLOTS): Slots {
  // Several servers of one process (tests) share Cedar's memory: each has ids of its own.
  pools += 1
  const pool = pools
  const free = Array.from({ length: count }, (_, index) => `${pool}/${index}`)
  const held = new Map<string, { id: string; set: PolicySet }>()

  const take = (key: string): string => {
    const own = held.get(key)
    held.delete(key)
    if (own) return own.id
    const unused = free.pop()
    if (unused !== undefined) return unused
    const [[oldest, { id }]] = held as unknown as Iterable<[string, { id: string }]> as [[string, { id: string }]]
    held.delete(oldest)
    return id
  }

  return {
    find(key, stamp) {
      const found = held.get(key)
      return found?.set.stamp === stamp ? found.set : undefined
    },
    hold(set) {
      const found = held.get(set.key)
      const id = take(set.key)
      if (found?.set !== set) {
        const answer = preparsePolicySet(id, { staticPolicies: Object.fromEntries([...set.policies].map(([name, { text }]) => [name, text])) })
        if (answer.type === 'failure') {
          free.push(id)
          throw new Error(`A policy set does not parse: ${answer.errors[0]?.message ?? 'no reason'}`)
        }
      }
      held.set(set.key, { id, set })
      return id
    },
  }
}
