const WELL_FORMED = /^(?:\*|[a-z0-9_]+)(?:[.:](?:\*|[a-z0-9_]+))*$/

/**
 * Tests names of events against a pattern of segments (`.` or `:` between them). A star stands for one segment, a
 * trailing star for one or more: `task.*` finds `task.created` and `task.deadline.approaching`, `*.created` finds `note.created`.
 */
export function matcherOf(pattern: string): (name: string) => boolean {
  if (!WELL_FORMED.test(pattern)) throw new TypeError(`Not a pattern of event names: ${pattern}`)
  if (!pattern.includes('*')) return (name) => name === pattern
  const parts = pattern.split(/([.:])/)
  const source = parts.map((part, index) => {
    if (part === '*') return index === parts.length - 1 ? '.+' : '[^.:]+'
    return part === '.' ? '\\.' : part
  })
  const matches = new RegExp(`^${source.join('')}$`)
  return (name) => matches.test(name)
}
