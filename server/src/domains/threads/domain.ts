import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import { archiveThread } from './archive-thread.ts'
import { createThread } from './create-thread.ts'
import { deleteThread } from './delete-thread.ts'
import { postMessage } from './post-message.ts'
import { reopenThread } from './reopen-thread.ts'
import { restoreThread } from './restore-thread.ts'
import { routes } from './routes.ts'
import { searchThreads } from './search-threads.ts'
import { updateThread } from './update-thread.ts'

export const threads: Domain = {
  name: 'threads', tables: ['threads', 'thread_events'], uses: ['audit', 'governance', 'spheres'],
  actions: [createThread, updateThread, postMessage, archiveThread, reopenThread, deleteThread, restoreThread, searchThreads] as unknown as AnyAction[],
  routes,
}
