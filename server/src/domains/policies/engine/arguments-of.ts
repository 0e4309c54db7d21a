const TAGS_MAX = 60
const TEXT_MAX = 2_000
const DEPTH_MAX = 4

/**
 * Arguments as policies read them: every scalar under its path (`to`, `lines.0.text`). `complete` is false when
 * something was left out because it is long, deep or one of too many, so that a cautious rule can refuse what it cannot see.
 */
export function argumentsOf(args: Record<string, unknown>): { tags: Record<string, string>; complete: boolean } {
  const tags = new Map<string, string>()
  let complete = true
  const visit = (path: string, value: unknown, depth: number): void => {
    if (value === null || value === undefined) return
    if (typeof value === 'object') {
      if (depth === DEPTH_MAX) complete = false
      else for (const [key, member] of Object.entries(value)) visit(path === '' ? key : `${path}.${key}`, member, depth + 1)
      return
    }
    const text = String(value)
    if (tags.size >= TAGS_MAX || text.length > TEXT_MAX || path.length > TEXT_MAX) complete = false
    else tags.set(path, text)
  }
  visit('', args, 0)
  return { tags: Object.fromEntries(tags), complete }
}
