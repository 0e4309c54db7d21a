import type { Platform } from '../../../platform/ctx.ts'
import type { Listener } from '../../../platform/events/listener.ts'
import { ACKNOWLEDGED_CHANNEL, notifyAcknowledged } from './queries.ts'

/** What the nodes say once they have aborted their calls for a stop: by its version, one notice a node. */
export type Acknowledgements = {
  /** Says so for this node, once for each version; nothing for ''. */
  give(version: string): Promise<void>
  /** Waits until so many nodes have said so, for `PATIENCE_MS` at most: one that is cut off aborts at its next look. */
  wait(version: string, listeners: number): Promise<void>
}

const PATIENCE_MS = 300
const DRAINED = /^drained (\d+)$/

/** The notice that nothing is in flight any more under a version of the fence. */
export const drainedNotice = (version: string): string => `drained ${version}`

/** The version of such a notice; undefined for another. */
export const drainedVersion = (notice: string): string | undefined => DRAINED.exec(notice)?.[1]

export function createAcknowledgements({ store }: Platform, listener: Listener): Acknowledgements {
  let given = ''
  let heard = { version: '', count: 0 }
  let look = (): void => {}
  listener.on(ACKNOWLEDGED_CHANNEL, (version) => {
    heard = { version, count: heard.version === version ? heard.count + 1 : 1 }
    look()
  })
  return {
    async give(version) {
      if (version === '' || given === version) return
      given = version
      await store.withinReserved({ service: 'fence' }, (tx) => tx.send(notifyAcknowledged(version).compile(tx.db)))
    },
    async wait(version, listeners) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, PATIENCE_MS)
        look = () => {
          if (heard.version !== version || heard.count < listeners) return
          clearTimeout(timer)
          resolve()
        }
        look()
      })
      look = () => {}
    },
  }
}
