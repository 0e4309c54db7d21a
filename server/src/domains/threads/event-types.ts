import type { Actor } from '../../platform/ctx.ts'

/** What a thread's log can tell; nothing in it is ever changed, a correction is a new event. */
export const THREAD_EVENT_TYPES = [
  'thread.created', 'thread.updated', 'thread.archived', 'thread.resumed', 'thread.completed', 'thread.referenced',
  'message.posted', 'note.added', 'summary.snapshot', 'memory.compressed', 'link.added', 'file.attached',
  'intent.declared', 'intent.refined', 'decision.recorded', 'decision.revised',
  'action.created', 'action.updated', 'action.completed', 'action.cancelled',
  'checkpoint.triggered', 'checkpoint.approved', 'checkpoint.rejected',
  'agent.assigned', 'agent.removed', 'agent.executed', 'live.started', 'live.ended',
] as const
export type ThreadEventType = (typeof THREAD_EVENT_TYPES)[number]

export const ROLES = ['user', 'agent', 'nova', 'system'] as const
export type Role = (typeof ROLES)[number]

const roles: Partial<Record<Actor['kind'], Role>> = { person: 'user', nova: 'nova', agent: 'agent' }

/** Who speaks, as a reader sees it. What is neither a person, Nova nor an agent is the system. */
export const roleOf = ({ kind }: Pick<Actor, 'kind'>): Role => roles[kind] ?? 'system'
