import { formsOf, type VerbForm } from './verb-form.ts'

/** Past and participle where the rule does not make them. */
const IRREGULAR: Record<string, string[]> = {
  write: ['wrote', 'written'], send: ['sent'], pay: ['paid'], put: ['put'], take: ['took', 'taken'], throw: ['threw', 'thrown'], get: ['got', 'gotten'], find: ['found'],
  tell: ['told'], make: ['made'], show: ['showed', 'shown'], see: ['saw', 'seen'], give: ['gave', 'given'], let: ['let'], set: ['set'], read: ['read'], say: ['said'],
  bring: ['brought'], rewrite: ['rewrote', 'rewritten'], begin: ['began', 'begun'], do: ['did', 'done'], go: ['went', 'gone'], drop: ['dropped'], undo: ['undid', 'undone'],
  cancel: ['cancelled', 'canceled'], undelete: ['undeleted'], forget: ['forgot', 'forgotten'], text: ['texted'], edit: ['edited'],
}
const DOUBLING = new Set(['put', 'get', 'let', 'set', 'bin', 'drop', 'scrap', 'ship', 'jot', 'transfer', 'remit', 'begin', 'log', 'cancel', 'zap', 'chat', 'plan', 'pin', 'forget', 'submit'])

/** The forms of an English verb: those that ask, and those by which one only tells. */
export function conjugateEnglish(verb: string): VerbForm[] {
  const stem = DOUBLING.has(verb) ? `${verb}${verb.at(-1) ?? ''}` : verb.endsWith('e') ? verb.slice(0, -1) : verb
  const third = /(?:s|x|z|ch|sh|o)$/.test(verb) ? `${verb}es` : /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`
  const past = IRREGULAR[verb] ?? [/[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ied` : `${stem}ed`]
  return formsOf(verb, 'en', { base: [verb], gerund: [/(?:see|oe)$/.test(verb) ? `${verb}ing` : `${stem}ing`, ...(verb === 'cancel' ? ['canceling'] : [])], participle: past, other: [third] })
}
