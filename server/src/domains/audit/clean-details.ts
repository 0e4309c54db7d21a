export type Details = Record<string, string | number | boolean | null>

/** Characters of one value that are kept; what is longer is cut, and says so by its last character. */
export const DETAIL_MAX = 500

/** Cuts long texts and replaces what no database holds (NUL, lone surrogates), so that any value fits on one line. */
export const cleanDetails = (details: Details): Details =>
  Object.fromEntries(Object.entries(details).map(([name, value]) => [name, typeof value === 'string' ? cleanText(value) : value]))

export const cleanText = (text: string): string => {
  const cut = text.length > DETAIL_MAX ? `${text.slice(0, DETAIL_MAX - 1)}…` : text
  return cut.toWellFormed().replaceAll('\0', '\uFFFD')
}
