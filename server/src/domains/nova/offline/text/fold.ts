/** A word as the grammar compares it: lower case, without accents, with straight apostrophes and plain hyphens. */
export const foldWord = (word: string): string => spellWord(word).normalize('NFKD').replace(/\p{M}+/gu, '').replace(/œ/g, 'oe').replace(/æ/g, 'ae')

/** A word in lower case with its accents, apostrophes straight and hyphens plain. */
export const spellWord = (word: string): string => word.normalize('NFC').toLowerCase().replace(/[’‘ʼ]/g, "'").replace(/[‐‑]/g, '-')
