import type { Ref } from '../../platform/action.ts'
import { ValidationError } from '../../platform/problems.ts'
import type { BudgetScope } from './errors.ts'

type Named = { scope: BudgetScope; key_id?: string | undefined }

/** The key that a call names, for the boundary check. */
export const keyOf = ({ key_id }: Named): Ref[] => (key_id === undefined ? [] : [{ type: 'api_key', id: key_id }])

/** Whose budget a call means. Throws ValidationError for a key's without its id, or the identity's with one. */
export function scopeIdOf({ scope, key_id }: Named, identityId: string): string {
  if ((scope === 'api_key') !== (key_id !== undefined)) throw ValidationError({ errors: [{ path: 'key_id', message: 'name the key exactly where the scope is api_key' }] })
  return key_id ?? identityId
}
