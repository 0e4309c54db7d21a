/** Names of tools as Anthropic takes them (letters, digits, `_` and `-`), and back. */
export type ToolNames = {
  wireName(tool: string): string
  /** A name that is none of ours comes back as the model gave it. */
  toolName(wire: string): string
  /** The messages with every tool under its wire name. */
  outward(messages: unknown[]): unknown[]
}

const WIRE_MAX = 64

type Part = { type?: unknown; toolName?: unknown }

export function createToolNames(tools: string[]): ToolNames {
  const wireOf = (tool: string): string => tool.replaceAll('.', '__').replace(/[^\w-]/g, '_').slice(0, WIRE_MAX) || '_'
  const byWire = new Map(tools.map((tool) => [wireOf(tool), tool]))
  if (byWire.size < tools.length) throw new TypeError('Two tools have one name on the wire')
  const renamed = (part: Part): Part => (typeof part.toolName === 'string' ? { ...part, toolName: wireOf(part.toolName) } : part)
  return {
    wireName: wireOf,
    toolName: (wire) => byWire.get(wire) ?? wire,
    outward: (messages) => messages.map((message) => {
      const { content } = message as { content: unknown }
      return Array.isArray(content) ? { ...message as object, content: content.map(renamed) } : message
    }),
  }
}
