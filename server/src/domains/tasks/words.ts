/** What people call a task; the offline planner reads it. */
export const TASK_WORDS = { en: ['task', 'tasks', 'to-do', 'to-dos', 'todo', 'todos'], fr: ['tâche', 'tâches'] }
