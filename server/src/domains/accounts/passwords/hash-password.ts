import { hash, hashSync, parseOptions, verify } from '@node-rs/argon2'
import PQueue from 'p-queue'
import { ServiceUnavailable } from '../../../platform/problems.ts'

/** OWASP's parameters for argon2id, the library's algorithm by default: 19 MiB, two passes, one lane. */
const COSTS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** Hashes at once on this node: each takes a thread and 19 MiB for some 30 ms. */
const RUNNING_MAX = 2
const WAITING_MAX = 100
const RETRY_AFTER_SECONDS = 2

/** Hashing of passwords, in a queue with a bound so that a flood of sign-ins leaves the rest of the server its threads. */
export type Passwords = {
  /** Does password work when its turn comes. Throws ServiceUnavailable when 100 wait already. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
  hash(password: string): Promise<string>
  /** Compares; against a dummy when there is no account, which takes as long. */
  matches(stored: string | undefined, password: string): Promise<boolean>
  /** True for a hash that was made with lower costs than today's. */
  isOutdated(stored: string): boolean
}

export function createPasswords(): Passwords {
  const queue = new PQueue({ concurrency: RUNNING_MAX })
  const dummy = hashSync(crypto.randomUUID(), COSTS)
  return {
    async inTurn(work) {
      if (queue.size >= WAITING_MAX) throw ServiceUnavailable({ retryAfterSeconds: RETRY_AFTER_SECONDS })
      return queue.add(work)
    },
    hash: (password) => hash(password, COSTS),
    async matches(stored, password) {
      const same = await verify(stored ?? dummy, password)
      return same && stored !== undefined
    },
    isOutdated(stored) {
      const { memoryCost, timeCost, parallelism } = parseOptions(stored)
      return memoryCost < COSTS.memoryCost || timeCost < COSTS.timeCost || parallelism !== COSTS.parallelism
    },
  }
}
