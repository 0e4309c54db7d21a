import type { z } from 'zod'
import type { Bilingual, Language } from '../../platform/text.ts'
import type { NotificationView, PreferencesView } from './contract.ts'
import { KIND_NAMES, KINDS, waysOf, type Ways } from './kinds.ts'
import type { NotificationRow } from './queries.ts'

export function presentNotification(row: NotificationRow, language: Language): z.input<typeof NotificationView> {
  const [title, body] = [row.title as Bilingual, row.body as Bilingual]
  return {
    id: row.id, kind: row.kind, title: title[language], body: body[language], title_text: title, body_text: body, link: row.link,
    ref: row.ref_type !== null && row.ref_id !== null ? { type: row.ref_type, id: row.ref_id } : null, identity_id: row.identity_id,
    created_at: row.created_at.toISOString(), read_at: row.read_at?.toISOString() ?? null,
  }
}

export type Chosen = { language: string; kinds: unknown } | undefined

export function presentPreferences(chosen: Chosen): z.input<typeof PreferencesView> {
  const language = chosen?.language === 'fr' ? 'fr' : 'en'
  const kinds = (chosen?.kinds ?? {}) as Record<string, Partial<Ways>>
  return { language, kinds: KIND_NAMES.map((kind) => ({ kind, title: KINDS[kind].title[language], ...waysOf(kinds, kind) })) }
}
