import { defineEvent } from '../../../platform/events/emit.ts'

/** Every node looks again what that session has proved. */
export const FactorChanged = defineEvent<{ session_id: string; kind: string; change: 'enabled' | 'replaced' | 'disabled' }>({ name: 'user.factor_changed', channels: () => [] })
export const RecoveryCodesRenewed = defineEvent<{ session_id: string }>({ name: 'user.recovery_codes_renewed', channels: () => [] })
export const SteppedUp = defineEvent<{ session_id: string }>({ name: 'session.stepped_up', channels: () => [] })
