import type { z } from 'zod'
import type { Tx } from '../../../platform/db/store.ts'
import type { Language } from '../../../platform/text.ts'
import { findShipped } from '../../policies/rules/find-rules.ts'
import type { Constitution } from './contract.ts'
import { LAWS, SOURCE_RULES, type Keeper } from './laws.ts'

/** Where the rules that come with the product are written. */
const SHIPPED_FILE = 'server/src/domains/policies/shipped-rules.ts'

type Shown = z.input<typeof Constitution>

/** The laws and the sources' rules with what keeps each, and whether that is in force here. */
export async function showConstitution(tx: Tx, language: Language): Promise<Shown> {
  const statuses = new Map((await findShipped(tx)).map(({ name, status }) => [name, status]))
  const enforced = (keepers: Keeper[]): Shown['rules'][number]['enforced_by'] => keepers.map((keeper) => (keeper.by === 'guard'
    ? { by: 'guard' as const, id: keeper.id, file: keeper.file, status: 'in_code' as const }
    : { by: 'policy' as const, id: keeper.id, file: SHIPPED_FILE, status: (statuses.get(keeper.id) ?? 'retired') as 'active' }))
  return {
    laws: LAWS.map(({ id, title, sentence, strength, keepers }) => ({ id, title: title[language], title_text: title, sentence: sentence[language], sentence_text: sentence, strength, enforced_by: enforced(keepers) })),
    rules: SOURCE_RULES.map(({ id, sentence, laws, keepers }) => ({ id, sentence: sentence[language], sentence_text: sentence, laws, enforced_by: enforced(keepers) })),
  }
}
