import type { FastifyRequest } from 'fastify'
import { z } from 'zod'

/** Hash of what the person has read. */
export const SeenHash = z.string().length(64).optional().describe('The `shown_hash` that you read: the decision counts only if it is still what is stored.')

/** Which version of a checkpoint a decision means, as far as its request says so. */
export const seenOf = ({ headers }: Pick<FastifyRequest, 'headers'>, { shown_hash: hash }: { shown_hash?: string | undefined }): { shownHash: string | null; etag: string | null } =>
  ({ shownHash: hash ?? null, etag: headers['if-match'] ?? null })
