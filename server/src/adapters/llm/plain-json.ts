/** Levels of nesting that a call's arguments may have. */
export const DEPTH_MAX = 32

/** Replaces what no database holds: NUL and lone surrogates. */
export const cleanText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')

/** Why a value cannot be a call's arguments; null when it can. */
export function faultOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'the arguments must be an object'
  const waiting: Array<{ node: unknown; depth: number }> = [{ node: value, depth: 1 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, depth } = next
    if (typeof node === 'string' && cleanText(node) !== node) return 'the arguments hold a character that cannot be stored'
    if (typeof node !== 'object' || node === null) continue
    if (depth > DEPTH_MAX) return `the arguments are nested deeper than ${DEPTH_MAX} levels`
    for (const [key, child] of Object.entries(node)) waiting.push({ node: key, depth }, { node: child, depth: depth + 1 })
  }
  return null
}
