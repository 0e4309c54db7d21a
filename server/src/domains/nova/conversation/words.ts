import type { Bilingual } from '../../../platform/text.ts'

/** Follows an answer that ended at the limit of tokens. */
export const sayCut: Bilingual = { en: ' […] (cut off at the limit of tokens)', fr: ' […] (interrompu à la limite de jetons)' }

export const sayNothing: Bilingual = { en: 'Claude gave no answer. Nothing was done.', fr: 'Claude n’a pas répondu. Rien n’a été fait.' }
