import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { endKeySession } from '../accounts/keys/key-session.ts'
import { ApiKey, KeyKey } from './contract.ts'
import { KeyOver } from './errors.ts'
import { KeyRevoked } from './events.ts'
import type { KeyRing } from './key-ring.ts'
import { presentKey } from './present.ts'
import { revokeKey as revokeRow } from './queries.ts'

/** Ends a key at once: what it began and has not committed does not commit, and every node refuses it within a second. */
export const revokeKey = (ring: Pick<KeyRing, 'forget'>) => defineAction({
  name: 'keys.revoke', effect: 'DELETE', keys: false, input: KeyKey, output: ApiKey, words: { en: ['key'], fr: ['clé'] },
  title: { en: 'Revoke an API key', fr: 'Révoquer une clé d’API' },
  summary: ({ key_id }, titleOf) => ({ en: `Revoke the API key “${titleOf(key_id)}”`, fr: `Révoquer la clé d’API « ${titleOf(key_id)} »` }),
  touches: ({ key_id }) => [{ type: 'api_key', id: key_id }],
  async run(tx, { key_id }) {
    const [row] = await tx.send(revokeRow(tx.db, tx.identityId, key_id, tx.now()))
    if (!row) throw KeyOver()
    await endKeySession(tx, row.session_id)
    tx.afterCommit(() => ring.forget([row.session_id]))
    emit(tx, KeyRevoked, { key_id: row.id })
    return presentKey(row)
  },
})
