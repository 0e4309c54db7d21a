import type { Bilingual } from '../../../platform/text.ts'
import type { ActionState, RunState } from './run-state.ts'

const WORDS: Record<string, Bilingual> = {
  CREATE: { en: 'Created', fr: 'Créé' }, UPDATE: { en: 'Changed', fr: 'Modifié' }, DELETE: { en: 'Deleted', fr: 'Supprimé' },
  SEND: { en: 'Sent', fr: 'Envoyé' }, TRANSFER: { en: 'Transferred', fr: 'Transféré' }, PAYMENT: { en: 'Order approved', fr: 'Ordre approuvé' },
}
const ON_ITS_WAY: Bilingual = { en: 'On its way', fr: 'En route' }
const SHOWN_MAX = 10

/** What a run did, in one or more plain sentences in the language in which it was asked. */
export const sayDone = (run: RunState): string => run.actions.filter((action) => action.status === 'completed').map((action) => sayAction(action, run.language)).join('\n')

function sayAction({ tool, effect, result }: ActionState, language: 'en' | 'fr'): string {
  const quote = (text: string): string => (language === 'fr' ? `« ${text} »` : `“${text}”`)
  const items = listOf(result)
  if (items) {
    if (items.length === 0) return language === 'fr' ? 'Rien trouvé.' : 'Nothing found.'
    const count = language === 'fr' ? `${items.length} trouvé${items.length > 1 ? 's' : ''}` : `${items.length} found`
    return `${count} : ${items.slice(0, SHOWN_MAX).map(quote).join(', ')}${items.length > SHOWN_MAX ? '…' : ''}`.replace(' : ', language === 'fr' ? ' : ' : ': ')
  }
  const title = titleOf(result)
  const word = isOnItsWay(result) ? ON_ITS_WAY[language] : WORDS[effect]?.[language] ?? (language === 'fr' ? 'Fait' : 'Done')
  return title ? `${word}${language === 'fr' ? ' :' : ':'} ${quote(title)}` : `${word} (${tool}).`
}

/** What waits in the outbox is not sent yet, and is not called so. */
const isOnItsWay = (result: unknown): boolean => ['waiting', 'sending'].includes(String((result as { status?: unknown } | null)?.status))

function listOf(result: unknown): string[] | undefined {
  const items = (result as { items?: unknown } | null)?.items
  return Array.isArray(items) ? items.map((item) => titleOf(item) ?? '?') : undefined
}

function titleOf(result: unknown): string | undefined {
  const { title, name, subject, beneficiary } = (result ?? {}) as Record<string, unknown>
  const found = [title, name, subject, beneficiary].find((text) => typeof text === 'string' && text !== '')
  return typeof found === 'string' ? found : undefined
}
