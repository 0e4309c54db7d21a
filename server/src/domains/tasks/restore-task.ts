import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { NotBinned } from '../../platform/problems.ts'
import { Task, TaskKey } from './contract.ts'
import { TaskRestored } from './events.ts'
import { presentTask } from './present.ts'
import { restoreTask as takeFromBin } from './queries.ts'
import { TASK_WORDS } from './words.ts'

/** Takes a task back out of the bin, open or done as it was. */
export const restoreTask = defineAction({
  name: 'tasks.restore', effect: 'UPDATE', input: TaskKey, output: Task, words: TASK_WORDS,
  title: { en: 'Restore a task from the bin', fr: 'Restaurer une tâche de la corbeille' },
  summary: ({ task_id }, titleOf) => ({ en: `Restore the task “${titleOf(task_id)}”`, fr: `Restaurer la tâche « ${titleOf(task_id)} »` }),
  touches: ({ task_id }) => [{ type: 'task', id: task_id }],
  async run(tx, { task_id }) {
    const row = await takeFromBin(tx.db, tx.identityId, task_id, tx.now())
    if (!row) throw NotBinned()
    emit(tx, TaskRestored, { task_id: row.id, sphere_id: row.sphere_id })
    return presentTask(row)
  },
})
