import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { Binned, Conflict } from '../../platform/problems.ts'
import { sphereIdOf } from '../spheres/sphere-id.ts'
import { findSphere } from '../spheres/sphere-list.ts'
import { GotoContext, HubContext } from './contract.ts'
import { ContextChanged } from './events.ts'
import { findOpenThread, moveHubs } from './queries.ts'
import { HUB_WORDS } from './words.ts'

/**
 * Goes to a sphere, or to a thread and so to its sphere, on all three hubs at once. Going to a sphere leaves the thread.
 * Throws Conflict when somebody moved since `version`, or when the thread lies in another sphere than the one named.
 */
export const gotoContext = defineAction({
  name: 'hubs.goto', effect: 'UPDATE', input: GotoContext, output: HubContext, words: HUB_WORDS,
  title: { en: 'Go to a sphere or a thread', fr: 'Aller à une sphère ou à un fil' },
  summary({ sphere_id, thread_id }, titleOf) {
    if (thread_id) return { en: `Go to the thread “${titleOf(thread_id)}”`, fr: `Aller au fil « ${titleOf(thread_id)} »` }
    const name = findSphere(sphere_id ?? '')?.name
    return { en: `Go to the sphere “${name?.en ?? ''}”`, fr: `Aller à la sphère « ${name?.fr ?? ''} »` }
  },
  touches: ({ thread_id }) => (thread_id ? [{ type: 'thread', id: thread_id }] : []),
  async run(tx, { sphere_id, thread_id, version }) {
    const thread = thread_id ? await findOpenThread(tx.db, tx.identityId, thread_id) : undefined
    if (thread_id && !thread) throw Binned()
    const named = sphereIdOf(sphere_id)
    if (thread && named !== null && named !== thread.sphere_id) throw Conflict({ en: 'That thread lies in another sphere.', fr: 'Ce fil se trouve dans une autre sphère.' })
    const place = { sphere_id: thread?.sphere_id ?? named ?? 0, thread_id: thread?.id ?? null }
    const moved = await moveHubs(tx.db, tx.identityId, { sphereId: place.sphere_id, threadId: place.thread_id, version: version ?? null, at: tx.now() })
    if (!moved) throw Conflict({ en: 'The context has changed since. Read it again.', fr: 'Le contexte a changé depuis. Relisez-le.' })
    emit(tx, ContextChanged, { ...place, version: moved.version })
    return { ...place, version: moved.version, updated_at: moved.updated_at.toISOString() }
  },
})
