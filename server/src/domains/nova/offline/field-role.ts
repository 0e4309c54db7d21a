/** What an argument is for; the grammar looks for it where people say such things, whatever the tool. */
export type FieldRole =
  | 'reference' | 'record_id' | 'record_type' | 'name' | 'content' | 'subject' | 'party' | 'amount' | 'currency' | 'label' | 'date' | 'query' | 'email' | 'sphere' | 'identity' | 'choice' | 'other'

const BY_NAME: Record<string, FieldRole> = {
  title: 'name', name: 'name', body: 'content', text: 'content', content: 'content', message: 'content', description: 'content', subject: 'subject',
  to: 'party', recipient: 'party', beneficiary: 'party', payee: 'party', currency: 'currency', reference: 'label', query: 'query', email: 'email', sphere_id: 'sphere',
}

/** The role of a field by its name and schema. Another row's id counts only where the tool cannot do without it. */
export function roleOf(name: string, { type, format, enum: choices, required, kind }: { type?: string; format?: string; enum?: string[]; required: boolean; kind: string }): FieldRole {
  if (name === 'id') return 'record_id'
  if (name === 'type' && choices) return 'record_type'
  if (name === 'identity_id' && kind !== 'identity') return 'identity'
  if (name !== 'sphere_id' && name.endsWith('_id')) return required || name === `${kind}_id` ? 'reference' : 'other'
  if (choices) return 'choice'
  if (format === 'date-time' || format === 'date') return 'date'
  if (format === 'email') return 'email'
  if (type === 'integer' || type === 'number') return name.includes('amount') ? 'amount' : name === 'sphere_id' ? 'sphere' : 'other'
  return BY_NAME[name] ?? 'other'
}
