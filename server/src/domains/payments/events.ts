import { defineEvent } from '../../platform/events/emit.ts'

/** Heard on the channel of the user, which every event of a user has. */
export const PaymentOrdered = defineEvent<{ order_id: string; checkpoint_id: string }>({ name: 'payment.ordered', channels: () => [] })
