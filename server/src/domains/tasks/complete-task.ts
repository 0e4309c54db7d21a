import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { Binned } from '../../platform/problems.ts'
import { Task, TaskKey } from './contract.ts'
import { TaskCompleted } from './events.ts'
import { presentTask } from './present.ts'
import { completeTask as markDone, findTask } from './queries.ts'
import { TASK_WORDS } from './words.ts'

/** Marks a task as done. Done twice, it is the same task with the time of the first. */
export const completeTask = defineAction({
  name: 'tasks.complete', effect: 'UPDATE', input: TaskKey, output: Task, words: TASK_WORDS,
  title: { en: 'Complete a task', fr: 'Terminer une tâche' },
  summary: ({ task_id }, titleOf) => ({ en: `Complete the task “${titleOf(task_id)}”`, fr: `Terminer la tâche « ${titleOf(task_id)} »` }),
  touches: ({ task_id }) => [{ type: 'task', id: task_id }],
  async run(tx, { task_id }) {
    const done = await markDone(tx.db, tx.identityId, task_id, tx.now())
    if (done) emit(tx, TaskCompleted, { task_id: done.id, sphere_id: done.sphere_id })
    const row = done ?? await findTask(tx.db, tx.identityId, task_id)
    if (!row || row.binned_at) throw Binned()
    return presentTask(row)
  },
})
