import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { newId } from '../../platform/ids.ts'
import { PERSONAL_SPHERE, sphereIdOf } from '../spheres/sphere-id.ts'
import { CreateTask, Task } from './contract.ts'
import { TaskCreated } from './events.ts'
import { presentTask } from './present.ts'
import { insertTask } from './queries.ts'
import { TASK_WORDS } from './words.ts'

/** Puts an open task into a sphere: the one named, else the one that the call works in, else the personal one. */
export const createTask = defineAction({
  name: 'tasks.create', effect: 'CREATE', input: CreateTask, output: Task, words: TASK_WORDS,
  title: { en: 'Create a task', fr: 'Créer une tâche' },
  summary: ({ title }) => ({ en: `Create the task “${title}”`, fr: `Créer la tâche « ${title} »` }),
  sphereOf: ({ sphere_id }) => sphereIdOf(sphere_id),
  about: ({ id }) => ({ type: 'task', id }),
  async run(tx, { title, due_at, sphere_id }) {
    const sphereId = sphereIdOf(sphere_id) ?? tx.sphereId ?? PERSONAL_SPHERE
    const row = await insertTask(tx.db, { id: newId(), identityId: tx.identityId, sphereId, title, dueAt: due_at ?? null, at: tx.now() })
    emit(tx, TaskCreated, { task_id: row.id, sphere_id: row.sphere_id })
    return presentTask(row)
  },
})
