import { defineEvent } from '../../platform/events/emit.ts'

type Told = { run_id: string; status: string; thread_id: string | null }

const channels = ({ thread_id }: Told): string[] => ['nova', ...(thread_id ? [`thread:${thread_id}`] : [])]

export const RunChanged = defineEvent<Told>({ name: 'nova.run', channels })
