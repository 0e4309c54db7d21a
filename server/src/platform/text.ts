/** A sentence in the two languages that the product speaks. */
export type Bilingual = { en: string; fr: string }
export type Language = keyof Bilingual

/** The language a client reads, from `Accept-Language` (RFC 9110 §12.5.4); English when it names neither. */
export function preferredLanguage(header: string | undefined): Language {
  let best: { language: Language; weight: number } = { language: 'en', weight: 0 }
  for (const part of (header ?? '').slice(0, 200).split(',')) {
    const [range = '', ...parameters] = part.trim().toLowerCase().split(';')
    const language = range.split('-')[0]
    const weight = Number(parameters.find((p) => p.trim().startsWith('q='))?.trim().slice(2) ?? 1)
    if ((language === 'en' || language === 'fr') && weight > best.weight) best = { language, weight }
  }
  return best.language
}

/** A title as people compare it: without accents, capitals, typographic quotes or double spaces. */
export const foldTitle = (title: string): string =>
  title.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase().replace(/[’‘ʼ]/g, "'").replace(/œ/g, 'oe').replace(/æ/g, 'ae').replace(/\s+/g, ' ').trim()

/** A `like` pattern that finds the text anywhere, its wildcards taken literally. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, (mark) => `\\${mark}`)}%`
