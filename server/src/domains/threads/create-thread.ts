import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { newId } from '../../platform/ids.ts'
import { GENESIS } from '../audit/chain.ts'
import { PERSONAL_SPHERE, sphereIdOf } from '../spheres/sphere-id.ts'
import { linkHash } from './chain.ts'
import { CreateThread, Thread } from './contract.ts'
import { roleOf } from './event-types.ts'
import { ThreadCreated } from './events.ts'
import { presentThread } from './present.ts'
import { insertEvent, insertThread } from './queries.ts'
import { THREAD_WORDS } from './words.ts'

/** Opens a thread in a sphere: the one named, else the one that the call works in, else the personal one. */
export const createThread = defineAction({
  name: 'threads.create', effect: 'CREATE', input: CreateThread, output: Thread, words: THREAD_WORDS,
  title: { en: 'Open a thread', fr: 'Ouvrir un fil' },
  summary: ({ title }) => ({ en: `Open the thread “${title}”`, fr: `Ouvrir le fil « ${title} »` }),
  sphereOf: ({ sphere_id }) => sphereIdOf(sphere_id),
  about: ({ id }) => ({ type: 'thread', id }),
  async run(tx, { title, sphere_id }) {
    const sphereId = sphereIdOf(sphere_id) ?? tx.sphereId ?? PERSONAL_SPHERE
    const at = tx.now()
    const [id, eventId] = [newId(), newId()]
    const first = { type: 'thread.created', role: roleOf(tx.actor), data: { title, sphere_id: sphereId } } as const
    const hash = linkHash({ ...first, thread_id: id, at: at.toISOString(), seq: 1, prev_hash: GENESIS })
    const row = await insertThread(tx.db, { id, identityId: tx.identityId, sphereId, title, firstHash: hash, at })
    tx.atClose(() => insertEvent(tx.db, { ...first, id: eventId, threadId: id, identityId: tx.identityId, seq: 1, hash, at }))
    emit(tx, ThreadCreated, { thread_id: id, sphere_id: sphereId, event_id: eventId, seq: 1, type: first.type })
    return presentThread(row)
  },
})
