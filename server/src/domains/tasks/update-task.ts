import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { Binned } from '../../platform/problems.ts'
import { Task, UpdateTask } from './contract.ts'
import { TaskUpdated } from './events.ts'
import { presentTask } from './present.ts'
import { updateTask as changeTask } from './queries.ts'
import { TASK_WORDS } from './words.ts'

/** Changes a task's title, its due time (null takes it away) or its status. Throws Binned when it lies in the bin. */
export const updateTask = defineAction({
  name: 'tasks.update', effect: 'UPDATE', input: UpdateTask, output: Task, words: TASK_WORDS,
  title: { en: 'Change a task', fr: 'Modifier une tâche' },
  summary: ({ task_id }, titleOf) => ({ en: `Change the task “${titleOf(task_id)}”`, fr: `Modifier la tâche « ${titleOf(task_id)} »` }),
  touches: ({ task_id }) => [{ type: 'task', id: task_id }],
  async run(tx, { task_id, title, due_at, status }) {
    const row = await changeTask(tx.db, tx.identityId, task_id, { title, dueAt: due_at, status, at: tx.now() })
    if (!row) throw Binned()
    emit(tx, TaskUpdated, { task_id: row.id, sphere_id: row.sphere_id })
    return presentTask(row)
  },
})
