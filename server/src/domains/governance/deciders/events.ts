import { defineEvent } from '../../../platform/events/emit.ts'

type Given = { delegation_id: string; from_user_id: string; to_user_id: string }

export const DelegationCreated = defineEvent<Given>({ name: 'delegation.created', channels: () => [] })
export const DelegationRevoked = defineEvent<Given>({ name: 'delegation.revoked', channels: () => [] })
export const AdviceGiven = defineEvent<{ checkpoint_id: string; advice_id: string; recommends: string }>({ name: 'advice.given', channels: () => ['nova'] })
