import { fold } from './reading.ts'
import type { VerbClass, VerbForm, VerbTrait } from './verbs.ts'

/** `regular`: in -er; irregular ones are spelled out: infinitive, imperatives, present and subjunctive of «tu», «vous», participle. */
export type FrenchVerb = { classes: VerbClass[]; traits?: VerbTrait[]; regular?: string[]; irregular?: Irregular[]; fixed?: string[] }
export type Irregular = { infinitive: string; imperative: string[]; present?: string[]; past?: string[] }
export type EnglishVerb = { classes: VerbClass[]; traits?: VerbTrait[]; verbs?: string[]; fixed?: string[] }

/** «supprimer» and its forms; `present` where the stem changes («enlever», «enlève»). */
function regularForms(infinitive: string, present = infinitive.slice(0, -1)): Irregular {
  const stem = infinitive.slice(0, -2)
  return { infinitive, imperative: [present, `${present}s`, `${stem}ez`, `${stem}ons`, `${stem}eons`], present: [`${present}s`, present, `${stem}ez`, `${stem}iez`], past: [`${stem}ee`, `${stem}es`, `${stem}ees`, `${stem}ait`, `${stem}era`, `${stem}erai`] }
}

export const changing = (infinitive: string, present: string): Irregular => regularForms(infinitive, present)

export function frenchForms({ classes, traits = [], regular = [], irregular = [], fixed = [] }: FrenchVerb): VerbForm[] {
  const shared = { classes, traits, language: 'fr' as const }
  const made = [...regular.map((infinitive) => regularForms(infinitive)), ...irregular].flatMap(({ infinitive, imperative, present = imperative, past = [] }): VerbForm[] => [
    { form: infinitive, mood: 'infinitive', ...shared },
    ...imperative.map((form): VerbForm => ({ form, mood: 'imperative', ...shared })),
    ...present.map((form): VerbForm => ({ form, mood: 'present', ...shared })),
    ...past.map((form): VerbForm => ({ form, mood: 'past', ...shared })),
    // «Peux-tu supprimé», «merci de supprimez»: written as it sounds.
    ...(infinitive.endsWith('er') ? ['e', 'ez', 'ee'].map((end): VerbForm => ({ form: `${infinitive.slice(0, -2)}${end}`, mood: 'homophone', ...shared })) : []),
  ])
  return [...made, ...fixed.map((form): VerbForm => ({ form, mood: 'imperative', ...shared }))].map((form) => ({ ...form, form: fold(form.form) }))
}

const PAST: Record<string, string> = {
  make: 'made', write: 'wrote written', send: 'sent', pay: 'paid', tell: 'told', find: 'found', show: 'showed shown', give: 'gave given', get: 'got gotten', set: 'set', put: 'put', take: 'took taken', let: 'let', begin: 'began begun', throw: 'threw thrown',
  forward: 'forwarded', say: 'said', shut: 'shut', 'text': 'texted', see: 'saw seen', bring: 'brought', undo: 'undid undone', do: 'did done', go: 'went gone', stick: 'stuck', strike: 'struck', rewrite: 'rewrote rewritten', read: 'read',
}
const doubles = (stem: string): boolean => /^(?:[^aeiou]*[aeiou][bgnptdmr])$/.test(stem) && stem.length < 5

function inflect(verb: string): { gerund: string; past: string[] } {
  const [first = '', ...rest] = verb.split(' ')
  const tail = rest.length > 0 ? ` ${rest.join(' ')}` : ''
  const stem = /[^e]e$/.test(first) ? first.slice(0, -1) : doubles(first) ? `${first}${first.at(-1)}` : first
  const past = PAST[first]?.split(' ') ?? [/[^aeiou]y$/.test(first) ? `${first.slice(0, -1)}ied` : `${stem}ed`]
  return { gerund: `${stem}ing${tail}`, past: [...past, `${first}s`, `${first}es`].map((form) => `${form}${tail}`) }
}

export function englishForms({ classes, traits = [], verbs = [], fixed = [] }: EnglishVerb): VerbForm[] {
  const shared = { classes, traits, language: 'en' as const }
  return [
    ...verbs.flatMap((verb): VerbForm[] => {
      const { gerund, past } = inflect(verb)
      return [{ form: verb, mood: 'imperative', ...shared }, { form: gerund, mood: 'gerund', ...shared }, ...past.map((form): VerbForm => ({ form, mood: 'past', ...shared }))]
    }),
    ...fixed.map((form): VerbForm => ({ form, mood: 'imperative', ...shared })),
  ]
}
