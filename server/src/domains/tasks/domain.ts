import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import { completeTask } from './complete-task.ts'
import { createTask } from './create-task.ts'
import { deleteTask } from './delete-task.ts'
import { restoreTask } from './restore-task.ts'
import { routes } from './routes.ts'
import { searchTasks } from './search-tasks.ts'
import { updateTask } from './update-task.ts'

export const tasks: Domain = {
  name: 'tasks', tables: ['tasks'], uses: ['governance', 'spheres'],
  actions: [createTask, updateTask, completeTask, deleteTask, restoreTask, searchTasks] as unknown as AnyAction[],
  routes,
}
