import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import { messageJobs } from './jobs.ts'
import type { Outbox } from './outbox.ts'
import { readMessage } from './read-message.ts'
import { messageRoutes } from './routes.ts'
import { sendMessage } from './send-message.ts'

export function messages(outbox: Outbox): Domain {
  const send = sendMessage(() => { outbox.wake() })
  return {
    name: 'messages', tables: ['messages', 'outbox'], uses: ['audit', 'governance', 'accounts', 'contacts'],
    actions: [send, readMessage] as unknown as AnyAction[], routes: messageRoutes(send), jobs: messageJobs(outbox),
  }
}
