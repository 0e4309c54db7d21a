import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { Binned } from '../../platform/problems.ts'
import { Task, TaskKey } from './contract.ts'
import { TaskDeleted } from './events.ts'
import { presentTask } from './present.ts'
import { binTask } from './queries.ts'
import { TASK_WORDS } from './words.ts'

/** Moves a task to the bin, from where its owner can restore it for 30 days. */
export const deleteTask = defineAction({
  name: 'tasks.delete', effect: 'DELETE', input: TaskKey, output: Task, words: TASK_WORDS,
  title: { en: 'Delete a task', fr: 'Supprimer une tâche' },
  summary: ({ task_id }, titleOf) => ({ en: `Delete the task “${titleOf(task_id)}”`, fr: `Supprimer la tâche « ${titleOf(task_id)} »` }),
  touches: ({ task_id }) => [{ type: 'task', id: task_id }],
  async run(tx, { task_id }) {
    const row = await binTask(tx.db, tx.identityId, task_id, tx.now())
    if (!row) throw Binned()
    emit(tx, TaskDeleted, { task_id: row.id, sphere_id: row.sphere_id })
    return presentTask(row)
  },
})
