import { defineProblem } from '../../platform/errors.ts'

/** What is wrong with a rule; line and column count from 1, null where the fault has no place. */
export type RuleFault = { path: string; message: string; line: number | null; column: number | null }

export const InvalidRule = defineProblem<{ errors: RuleFault[] }>({
  code: 'invalid_rule', status: 422,
  title: { en: 'Not a valid rule', fr: 'Règle non valide' },
  detail: ({ errors: [first] }) => {
    const at = first?.line ? { en: ` (line ${first.line}, column ${first.column})`, fr: ` (ligne ${first.line}, colonne ${first.column})` } : { en: '', fr: '' }
    return { en: `The rule does not stand${at.en}: ${first?.message ?? 'unknown fault'}`, fr: `La règle ne tient pas${at.fr} : ${first?.message ?? 'faute inconnue'}` }
  },
  members: ({ errors }) => ({ errors }),
})

export const ForbidsRemoved = defineProblem<{ forbids: string[] }>({
  code: 'forbids_removed', status: 409,
  title: { en: 'A prohibition would disappear', fr: 'Une interdiction disparaîtrait' },
  detail: ({ forbids }) => ({
    en: `This takes away what forbids or holds today: ${forbids.join(', ')}. Say so with confirm_forbids_removed.`,
    fr: `Cela retire ce qui interdit ou retient aujourd’hui : ${forbids.join(', ')}. Confirmez-le avec confirm_forbids_removed.`,
  }),
  members: ({ forbids }) => ({ forbids }),
})

export const NotGrantable = defineProblem<{ effect: string }>({
  code: 'not_grantable', status: 422,
  title: { en: 'Never granted in advance', fr: 'Jamais autorisé d’avance' },
  detail: ({ effect }) => ({
    en: `Law L1: ${effect} is asked about every time; no standing grant covers it.`,
    fr: `Loi L1 : ${effect} est demandé à chaque fois ; aucune autorisation permanente ne le couvre.`,
  }),
  members: () => ({ laws: ['L1'] }),
})
