import { createHash } from 'node:crypto'

/** RFC 6962, section 2.1: a leaf and a node are hashed apart, so that neither passes for the other. */
const LEAF = Buffer.of(0)
const NODE = Buffer.of(1)

/** The hash of a tree without a leaf. */
export const EMPTY_ROOT = createHash('sha256').digest('hex')

/** Hash of a leaf: SHA-256(0x00 || bytes). */
export const leafHash = (bytes: string | Buffer): string => createHash('sha256').update(LEAF).update(bytes).digest('hex')

/** Hash of a node over its two halves: SHA-256(0x01 || left || right). */
export const nodeHash = (left: string, right: string): string =>
  createHash('sha256').update(NODE).update(Buffer.from(left, 'hex')).update(Buffer.from(right, 'hex')).digest('hex')
