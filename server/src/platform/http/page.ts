import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { MalformedRequest } from '../problems.ts'

export const PAGE_MAX = 100

/** Members that every list takes: `limit` (1 to 100, default 25) and the opaque `cursor` of the page before. */
export const pageInput = {
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(25),
  cursor: z.string().min(1).max(400).optional(),
}

/** The shape of every list: the items and the cursor of the next page, null at the end. */
export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next_cursor: z.string().nullable() })

export type Cursors = { encode(key: string): string; decode(cursor: string | undefined): string | undefined }

/** Cursors carry a MAC, so that a made-up one is refused (400) instead of being looked up. `previous` keys only read. */
export function createCursors(key: Buffer, ...previous: Buffer[]): Cursors {
  const sign = (text: string, by = key): Buffer => createHmac('sha256', by).update(text).digest().subarray(0, 12)
  return {
    encode: (text) => `${Buffer.from(text).toString('base64url')}.${sign(text).toString('base64url')}`,
    decode(cursor) {
      if (cursor === undefined) return undefined
      const [body = '', mac = ''] = cursor.split('.')
      const text = Buffer.from(body, 'base64url').toString()
      const given = Buffer.from(mac, 'base64url')
      if (given.length !== 12 || ![key, ...previous].some((by) => timingSafeEqual(given, sign(text, by)))) {
        throw MalformedRequest({ en: 'The cursor is not one of ours.', fr: 'Ce curseur ne vient pas de nous.' })
      }
      return text
    },
  }
}

/** Cuts `limit + 1` rows down to a page; the cursor is the key of the last one shown. */
export function toPage<Row, Item>(rows: Row[], given: { limit: number; cursors: Cursors; keyOf: (row: Row) => string; present: (row: Row) => Item }): { items: Item[]; next_cursor: string | null } {
  const shown = rows.slice(0, given.limit)
  const last = shown.at(-1)
  return {
    items: shown.map(given.present),
    next_cursor: rows.length > given.limit && last !== undefined ? given.cursors.encode(given.keyOf(last)) : null,
  }
}
