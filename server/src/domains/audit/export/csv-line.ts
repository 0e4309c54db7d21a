/** What a spreadsheet would run as a formula, or take as the rest of one. */
const FORMULA = /^[=+\-@\t\r]/

/** One cell of RFC 4180, always quoted; what a spreadsheet would run begins with an apostrophe, which makes it text. */
function cell(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value)
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""').replaceAll(/[\r\n]+/g, ' ')}"`
}

/** One line of a CSV file. */
export const csvLine = (values: unknown[]): string => `${values.map(cell).join(',')}\r\n`
