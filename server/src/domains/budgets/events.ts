import { defineEvent } from '../../platform/events/emit.ts'

export const BudgetChanged = defineEvent<{ scope: string; scope_id: string; credits: number }>({ name: 'budget.changed', channels: () => [] })
