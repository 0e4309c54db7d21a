import type { Bilingual, Language } from '../../../platform/text.ts'

type Line = { title: Bilingual; body: Bilingual; at: Date }

const WORDS = {
  en: { many: (count: number) => `${count} notifications`, more: (count: number) => `… and ${count} more.`, end: 'You can choose which of these come by e-mail: PATCH /api/v2/notifications/preferences.' },
  fr: { many: (count: number) => `${count} notifications`, more: (count: number) => `… et ${count} de plus.`, end: 'Vous pouvez choisir lesquelles arrivent par e-mail : PATCH /api/v2/notifications/preferences.' },
}
const LINES_MAX = 20

/** The e-mail that tells of one notification, or of several at once. Nothing to press: deciding is done in a live session. */
export function writeLetter(lines: Line[], language: Language): { subject: string; text: string } {
  const words = WORDS[language]
  const told = lines.slice(0, LINES_MAX).map(({ title, body, at }) => `${title[language]} (${at.toISOString().slice(0, 16).replace('T', ' ')} UTC)\n${body[language]}`)
  const rest = lines.length > LINES_MAX ? [words.more(lines.length - LINES_MAX)] : []
  const [only] = lines
  return { subject: lines.length === 1 && only ? only.title[language] : words.many(lines.length), text: [...told, ...rest, words.end].join('\n\n') }
}
