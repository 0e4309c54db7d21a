/** Brackets inside each other that a rule may have; Cedar's parser recurses, and at about a hundred it takes the process' copy of it down. */
export const NESTING_MAX = 16

/** Where brackets nest deeper than NESTING_MAX, as an index into the text; undefined when they nowhere do. Texts and comments are passed over. */
export function findDeepNesting(text: string): number | undefined {
  let depth = 0
  for (const { 0: token, index } of text.matchAll(/"(?:\\.|[^"\\])*"|\/\/[^\n]*|[([{]|[)\]}]/gs)) {
    if (/^[([{]$/.test(token)) depth += 1
    else if (/^[)\]}]$/.test(token)) depth -= 1
    if (depth > NESTING_MAX) return index
  }
  return undefined
}
