import type { FieldChange, Seen, Shows } from '../../platform/action.ts'
import type { Bilingual } from '../../platform/text.ts'
import { findSphere } from '../spheres/sphere-list.ts'
import { sphereIdOf } from '../spheres/sphere-id.ts'
import type { TransferInput } from './contract.ts'

/** From where to where, by names. */
export function showMove({ sphere_id, identity_id }: TransferInput, { rows, titleOf }: Seen): Shows {
  const from = rows[0]?.sphere_id
  const fields: FieldChange[] = [
    ...(sphere_id === undefined ? [] : [{ field: 'sphere', before: typeof from === 'number' ? nameOf(from) : null, after: nameOf(sphereIdOf(sphere_id)) }]),
    ...(identity_id === undefined ? [] : [{ field: 'identity', before: null, after: titleOf(identity_id) }]),
  ]
  return { fields, count: 1 }
}

const nameOf = (sphereId: number | null): Bilingual | null => (sphereId === null ? null : findSphere(sphereId)?.name ?? null)
