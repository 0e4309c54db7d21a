import { createHmac } from 'node:crypto'
import { canonical } from '../../../platform/canonical.ts'
import { sealText, unsealText } from '../../../platform/sealed.ts'
import type { Details } from '../clean-details.ts'

/** What only the owner reads: the details, and the salts that open the commitments to what was before and after. */
export type Private = { details: Details; salts: { before?: string; after?: string } }

/** The details in an event's body: sealed under the key of that id, or plain where they hold nothing of anybody. */
export type StoredDetails = { key: string; sealed: string } | { plain: Details }

/** Each event has a key of its own, made from its day's: giving away one opens one event. */
export const eventKey = (key: Buffer, eventId: string): Buffer => createHmac('sha256', key).update(`chenu/audit event ${eventId}`).digest()

const about = (identityId: string, eventId: string): string => `${identityId} ${eventId}`

type Place = { identityId: string; eventId: string }

/** Seals an event's details for its identity: AES-256-GCM, bound to the identity and the event. */
export const sealDetails = (key: Buffer, { identityId, eventId }: Place, given: Private): string =>
  sealText(eventKey(key, eventId), canonical(given), about(identityId, eventId))

/** The details that were sealed, by the event's own key; undefined when it does not open them. */
export function openDetails(ofEvent: Buffer, { identityId, eventId }: Place, sealed: string): Private | undefined {
  const plain = unsealText(ofEvent, sealed, about(identityId, eventId))
  return plain === undefined ? undefined : JSON.parse(plain.toString()) as Private
}

/** Reads the details of a body: those before version 2 are plain. */
export function storedDetails(body: { v?: unknown; details?: unknown }): StoredDetails {
  return body.v === 2 ? body.details as StoredDetails : { plain: (body.details ?? {}) as Details }
}
