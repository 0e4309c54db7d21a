import type { AnyAction, FieldChange, RowBefore } from '../../../platform/action.ts'
import type { Bilingual } from '../../../platform/text.ts'

const BIN: FieldChange['field'] = 'binned_at'

/** What an action does to a row, member by member, as far as its effect class and its input say. Pure. */
export function differenceOf(effect: string, row: RowBefore, args: Record<string, unknown>): FieldChange[] {
  if (row === null) return []
  if (effect === 'DELETE') return Object.entries(row).filter(([field, before]) => field !== BIN && before !== null && before !== '').map(([field, before]) => ({ field, before, after: null }))
  if (effect !== 'UPDATE' && effect !== 'TRANSFER') return []
  return Object.entries(args).filter(([field, after]) => field in row && after !== undefined && after !== row[field]).map(([field, after]) => ({ field, before: row[field] ?? null, after }))
}

const UNDO: Record<string, Bilingual> = {
  READ: { en: 'It changes nothing.', fr: 'Cela ne modifie rien.' },
  CREATE: { en: 'What is created can be deleted again.', fr: 'Ce qui est créé peut être supprimé.' },
  UPDATE: { en: 'What it says now is kept and can be put back.', fr: 'Le contenu actuel est conservé et peut être rétabli.' },
  DELETE: { en: 'It can be restored; a record lies in the bin for 30 days.', fr: 'Cela peut être restauré ; un élément reste 30 jours dans la corbeille.' },
  TRANSFER: { en: 'It can be transferred back.', fr: 'Cela peut être transféré en retour.' },
  GRANT: { en: 'The right can be withdrawn; what was done with it until then stays.', fr: 'Le droit peut être retiré ; ce qui a été fait entre-temps demeure.' },
}

/** Whether an effect can be undone and how, where its action does not say so itself. */
export function undoOf({ effect, reversible }: Pick<AnyAction, 'effect' | 'reversible'>): { possible: boolean; how: Bilingual | null } {
  const how = reversible === false ? null : UNDO[effect] ?? null
  return { possible: how !== null, how }
}
