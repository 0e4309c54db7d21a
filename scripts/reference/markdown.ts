/** Text that stands in a cell of a Markdown table. */
export const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** A Markdown table. */
export const table = (heads: string[], rows: string[][]): string =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')

/** A page that says how it was made. */
export const page = (title: string, ...parts: string[]): string =>
  `${[`# ${title}`, 'Printed from the code by `npm run reference`; edit the code, not this page.', ...parts].join('\n\n')}\n`

export const code = (text: string): string => `\`${text}\``
