import type { IdentityId } from '../ids.ts'
import type { Log } from '../log.ts'
import type { CommittedEvent } from './event.ts'
import { matcherOf } from './pattern.ts'

/** Who hears an event first; equal ones in the order in which they subscribed. */
export const PRIORITY = { highest: 0, high: 25, normal: 50, low: 75, lowest: 100 } as const

export type Reaction = (event: CommittedEvent) => void | Promise<void>

export type BusOptions = {
  priority?: (typeof PRIORITY)[keyof typeof PRIORITY]
  /** Hear only events of this identity. */
  identityId?: IdentityId
  /** Hear the first one only. */
  once?: boolean
}

/** Hands committed events to what subscribed inside this process. */
export type Bus = {
  /** Subscribes to a pattern such as `task.*`; the function it returns ends that. */
  on(pattern: string, react: Reaction, options?: BusOptions): () => void
  publish(event: CommittedEvent): void
}

type Subscription = { matches(name: string): boolean; react: Reaction; priority: number; identityId: IdentityId | undefined; once: boolean; live: boolean }

/**
 * What a reaction throws is logged and stops nobody else: the event happened. A reaction must not carry what may not be
 * lost, for the process can end between commit and delivery; that belongs into a job enqueued in the change's transaction.
 */
export function createBus(log: Log): Bus {
  let subscriptions: Subscription[] = []
  return {
    on(pattern, react, { priority = PRIORITY.normal, identityId, once = false } = {}) {
      const subscription: Subscription = { matches: matcherOf(pattern), react, priority, identityId, once, live: true }
      subscriptions = [...subscriptions, subscription].sort((a, b) => a.priority - b.priority)
      return () => {
        subscription.live = false
        subscriptions = subscriptions.filter((one) => one !== subscription)
      }
    },
    publish(event) {
      for (const one of subscriptions) {
        if (!one.live || !one.matches(event.name) || (one.identityId !== undefined && one.identityId !== event.identityId)) continue
        if (one.once) {
          one.live = false
          subscriptions = subscriptions.filter((other) => other !== one)
        }
        react(one.react, event, log)
      }
    },
  }
}

function react(reaction: Reaction, event: CommittedEvent, log: Log): void {
  const failed = (error: unknown): void => { log.error({ error, event: event.name }, 'a reaction to an event failed') }
  try {
    const pending = reaction(event)
    if (pending) pending.catch(failed)
  } catch (error) {
    failed(error)
  }
}
