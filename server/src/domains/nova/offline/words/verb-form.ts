import type { Language } from '../../../../platform/text.ts'

/** What a form can do in a sentence. `base` is the English infinitive and imperative; `other` only tells of something. */
export type FormKind = 'infinitive' | 'tu' | 'vous' | 'nous' | 'subjunctive' | 'base' | 'gerund' | 'participle' | 'other'

export type VerbForm = { verb: string; language: Language; kind: FormKind; text: string }

export const formsOf = (verb: string, language: Language, byKind: Partial<Record<FormKind, string[]>>): VerbForm[] =>
  Object.entries(byKind).flatMap(([kind, texts]) => texts.map((text) => ({ verb, language, kind: kind as FormKind, text })))
