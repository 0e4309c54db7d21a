import type { Platform } from '../../platform/ctx.ts'
import type { Tx } from '../../platform/db/store.ts'
import type { CommittedEvent } from '../../platform/events/event.ts'
import { newId } from '../../platform/ids.ts'
import { instanceScene } from './instance.ts'
import { record } from './record.ts'

/** For a follower's `skipped`: the instance's chain tells that one event was passed over, by whom and which. */
export const recordSkipped = ({ clock }: Pick<Platform, 'clock'>, follower: string) => (tx: Tx, event: CommittedEvent): void => {
  record(tx, instanceScene({ role: 'follower', requestId: newId(), now: () => clock.now() }), {
    action: 'event.skipped', outcome: 'failed', resource: { type: 'event', id: event.id }, details: { follower, name: event.name, seq: event.seq },
  })
}
