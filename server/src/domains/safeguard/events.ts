import { defineEvent } from '../../platform/events/emit.ts'

/** Heard by everyone on the channel of AT·OM, so it names nobody. */
export const SafeguardChanged = defineEvent<{ state: string; from: string; score: number; by: string }>({ name: 'safeguard.changed', channels: () => ['atom'] })

/** Told to the person in whose identity it was seen; for the instance, to whoever runs it. */
export const SafeguardAlert = defineEvent<{ kind: string; severity: string; answer: string }>({ name: 'safeguard.alert', channels: () => [] })
