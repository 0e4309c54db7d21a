import { page, toPage } from '../../platform/http/page.ts'
import { read, write, type Route } from '../../platform/http/route.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import { sphereIdOf } from '../spheres/sphere-id.ts'
import { completeTask } from './complete-task.ts'
import { ListTasks, Task, TaskKey } from './contract.ts'
import { createTask } from './create-task.ts'
import { deleteTask } from './delete-task.ts'
import { presentTask } from './present.ts'
import { findTask, listTasks } from './queries.ts'
import { restoreTask } from './restore-task.ts'
import { updateTask } from './update-task.ts'

export const routes: Route[] = [
  write('POST /tasks', createTask),
  write('PATCH /tasks/:task_id', updateTask, { problems: ['binned'] }),
  write('POST /tasks/:task_id/complete', completeTask, { problems: ['binned'] }),
  write('DELETE /tasks/:task_id', deleteTask, { problems: ['binned'] }),
  write('POST /tasks/:task_id/restore', restoreTask, { problems: ['not_binned'] }),
  read('GET /tasks', {
    summary: 'List tasks, newest first', input: ListTasks, output: page(Task),
    run: async (ctx, q) => toPage(
      await listTasks(ctx.db, ctx.identityId, { limit: q.limit, query: q.query, status: q.status, sphereId: sphereIdOf(q.sphere_id), binned: q.binned === 'true', before: ctx.platform.cursors.decode(q.cursor) }),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: (row) => row.id, present: presentTask },
    ),
  }),
  read('GET /tasks/:task_id', {
    summary: 'Get a task', input: TaskKey, output: Task, problems: ['not_found', 'identity_boundary'],
    run: async (ctx, { task_id }) => presentTask(await findTask(ctx.db, ctx.identityId, task_id) ?? await refuseMissing(ctx, { type: 'task', id: task_id })),
  }),
]
