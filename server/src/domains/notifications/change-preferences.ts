import { defineAction } from '../../platform/action.ts'
import { ChangePreferences, PreferencesView } from './contract.ts'
import type { Ways } from './kinds.ts'
import { presentPreferences } from './present.ts'
import { lockPreferences, openPreferences, savePreferences } from './queries.ts'

/**
 * Changes by which ways a person hears of what; what is not named stays. It cannot be undone for what was not told
 * meanwhile, so nothing that acts for a person silences the checkpoints of its own acts without asking them.
 */
export const changePreferences = defineAction({
  name: 'notifications.change_preferences', effect: 'UPDATE', reversible: false, keys: false, input: ChangePreferences, output: PreferencesView,
  title: { en: 'Choose how to be notified', fr: 'Choisir comment être averti' },
  summary: ({ kinds }) => {
    const named = kinds?.map(({ kind }) => kind).join(', ')
    return { en: `Change how you are notified${named ? `: ${named}` : ''}`, fr: `Modifier vos notifications${named ? ` : ${named}` : ''}` }
  },
  async run(tx, { language, kinds }) {
    await tx.send(openPreferences(tx.db, tx.userId, tx.now()))
    const [chosen] = await tx.send(lockPreferences(tx.db, tx.userId))
    const next: Record<string, Partial<Ways>> = { ...(chosen?.kinds as Record<string, Partial<Ways>> | undefined) }
    for (const { kind, ...ways } of kinds ?? []) next[kind] = { ...next[kind], ...Object.fromEntries(Object.entries(ways).filter(([, wanted]) => wanted !== undefined)) }
    const saved = { language: language ?? chosen?.language ?? 'en', kinds: next }
    await tx.send(savePreferences(tx.db, tx.userId, { ...saved, at: tx.now() }))
    return presentPreferences(saved)
  },
})
