import type { Queries } from '../../../platform/db/store.ts'

/** Checkpoints of a chain between two sizes, smallest first. */
export const listSigned = (db: Queries, identityId: string, { after, upTo, limit }: { after: number; upTo: number; limit: number }) =>
  db.selectFrom('audit_anchors').select('line').where('identity_id', '=', identityId).where('size', '>', String(after)).where('size', '<=', String(upTo)).orderBy('size').limit(limit)

/** The largest checkpoint of a chain. */
export const findLargest = (db: Queries, identityId: string) =>
  db.selectFrom('audit_anchors').select('line').where('identity_id', '=', identityId).orderBy('size', 'desc').limit(1)

/** Chains of the instance after one, in the order of their identities. */
export const listChains = (db: Queries, { after, limit }: { after: string | undefined; limit: number }) =>
  db.selectFrom('audit_heads').select(['identity_id', 'seq']).$if(after !== undefined, (q) => q.where('identity_id', '>', after ?? '')).orderBy('identity_id').limit(limit)
