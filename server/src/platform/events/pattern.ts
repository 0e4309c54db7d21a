const WELL_FORMED = /^(?:\*|[a-z0-9_]+)(?:[.:](?:\*|[a-z0-9_]+))*$/

/**
 * Tests names of events against a pattern of segments (`.` or `:` between them). A star stands for one segment, a
 * trailing star for one or more: `task.*` finds `task.created` and `task.deadline.approaching`, `*.created` finds `note.created`.
 */
export function matcherOf(pattern: string): (name: string) => boolean {
  if (!pattern.includes('*') && isPattern(pattern)) return (name) => name === pattern
  const matches = new RegExp(regexOf(pattern))
  return (name) => matches.test(name)
}

export const isPattern = (text: string): boolean => WELL_FORMED.test(text)

/** The same as a regular expression that JavaScript and PostgreSQL read alike. Throws TypeError for what is no pattern. */
export function regexOf(pattern: string): string {
  if (!isPattern(pattern)) throw new TypeError(`Not a pattern of event names: ${pattern}`)
  const parts = pattern.split(/([.:])/)
  const source = parts.map((part, index) => {
    if (part === '*') return index === parts.length - 1 ? '.+' : '[^.:]+'
    return part === '.' ? '\\.' : part
  })
  return `^${source.join('')}$`
}
