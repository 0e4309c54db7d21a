import type { AnyAction } from '../../platform/action.ts'
import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { newId } from '../../platform/ids.ts'
import { ValidationError } from '../../platform/problems.ts'
import { openKeySession } from '../accounts/keys/key-session.ts'
import { openKeyBudget } from '../budgets/open-budget.ts'
import { sphereIdOf } from '../spheres/sphere-id.ts'
import { ApiKey, CreateKey } from './contract.ts'
import { TooManyKeys } from './errors.ts'
import { KeyCreated } from './events.ts'
import { presentKey } from './present.ts'
import { countLiveKeys, insertKey } from './queries.ts'

/** Live keys that one identity may have. */
export const KEYS_MAX = 50
const DAY_MS = 86_400_000

/** Scopes that a route names instead of an action. */
const ROUTE_SCOPES = new Set(['nova.query'])

/**
 * Makes an API key without its token: that is taken once, by the person, when the key exists (reveal-key.ts). So no token
 * lies in a checkpoint, in a run or under an Idempotency-Key. A key is a grant: it waits even for the person.
 */
export const createKey = (actions: ReadonlyMap<string, AnyAction>) => defineAction({
  name: 'keys.create', effect: 'GRANT', keys: false, input: CreateKey, output: ApiKey, words: { en: ['key'], fr: ['clé'] },
  title: { en: 'Create an API key', fr: 'Créer une clé d’API' },
  summary: ({ name, scopes, expires_in_days }) => ({
    en: `Create the API key “${name}” for ${scopes.join(', ')}, for ${expires_in_days} days`, fr: `Créer la clé d’API « ${name} » pour ${scopes.join(', ')}, pendant ${expires_in_days} jours`,
  }),
  about: ({ id }) => ({ type: 'api_key', id }),
  async check(tx, { scopes }) {
    const unknown = scopes.flatMap((scope, index) => (isKnown(actions, scope) ? [] : [{ path: `scopes.${index}`, message: 'no action that a key may do is called so' }]))
    if (unknown.length > 0) throw ValidationError({ errors: unknown })
    const [counted] = await tx.send(countLiveKeys(tx.db, tx.identityId, tx.now()))
    if (Number(counted?.count) >= KEYS_MAX) throw TooManyKeys(KEYS_MAX)
  },
  async run(tx, { name, scopes, spheres, credits, expires_in_days }) {
    const at = tx.now()
    const expiresAt = new Date(at.getTime() + expires_in_days * DAY_MS)
    const sessionId = await openKeySession(tx, { expiresAt })
    const ids = spheres?.map((sphere) => sphereIdOf(sphere)).filter((id) => id !== null) ?? null
    const [row] = await tx.send(insertKey(tx.db, { id: newId(), identityId: tx.identityId, userId: tx.userId, sessionId, name, scopes: [...new Set(scopes)], spheres: ids && [...new Set(ids)].toSorted((a, b) => a - b), at, expiresAt }))
    if (!row) throw new Error('A key is written')
    if (credits !== undefined) await openKeyBudget(tx, { keyId: row.id, credits })
    emit(tx, KeyCreated, { key_id: row.id })
    return presentKey(row)
  },
})

function isKnown(actions: ReadonlyMap<string, AnyAction>, scope: string): boolean {
  if (scope === 'read' || ROUTE_SCOPES.has(scope)) return true
  const [noun, verb] = scope.split('.')
  const may = ({ name, effect, keys }: AnyAction): boolean => keys !== false && effect !== 'GRANT' && (verb === '*' || verb === 'read' ? name.startsWith(`${noun}.`) : name === scope)
  return [...actions.values()].some(may)
}
