import { defineEvent } from '../../platform/events/emit.ts'

type Told = { rule_id: string; layer: string; version: number }

export const RuleDrafted = defineEvent<Told>({ name: 'rule.drafted', channels: () => [] })
export const RuleShadowed = defineEvent<Told>({ name: 'rule.shadowed', channels: () => [] })
export const RuleActivated = defineEvent<Told>({ name: 'rule.activated', channels: () => [] })
export const RuleRetired = defineEvent<Told>({ name: 'rule.retired', channels: () => [] })
export const GrantCreated = defineEvent<{ grant_id: string; tool: string; kind: string }>({ name: 'grant.created', channels: () => [] })
export const GrantRevoked = defineEvent<{ grant_id: string; tool: string }>({ name: 'grant.revoked', channels: () => [] })
export const GrantUsed = defineEvent<{ grant_id: string; tool: string }>({ name: 'grant.used', channels: () => ['nova'] })
