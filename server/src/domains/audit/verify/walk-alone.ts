import { RateLimited } from '../../../platform/problems.ts'

const walking = new Set<string>()

/** Runs one walk of a kind over a chain at a time, so that nobody keeps the server busy with their own history. */
export async function walkAlone<T>({ kind, identityId }: { kind: 'verify' | 'export' | 'prove'; identityId: string }, walk: () => Promise<T>): Promise<T> {
  const key = `${kind} ${identityId}`
  if (walking.has(key)) throw RateLimited({ policy: `audit_${kind}`, retryAfterSeconds: 2 })
  walking.add(key)
  try {
    return await walk()
  } finally {
    walking.delete(key)
  }
}
