import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'

/** A node of the syntax tree, as ESTree has it. */
export type Node = { type: string; start: number; end: number; [member: string]: unknown }

export type Import = { from: string; typeOnly: boolean; names: string[]; start: number }

/** One file of server/src, parsed. `path` is relative to it, with slashes. */
export type Source = { path: string; text: string; program: Node; imports: Import[]; lineOf(offset: number): number }

/** Parses one file. Throws when it does not parse: what cannot be read cannot be held to a rule. */
export function parseSource(path: string, text: string): Source {
  const { program, module, errors } = parseSync(path, text)
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0]?.message}`)
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  const fromStatic = module.staticImports.map(({ moduleRequest, entries, start }) => ({
    from: moduleRequest.value, typeOnly: entries.length > 0 && entries.every(({ isType }) => isType), names: entries.map(({ importName }) => importName.name ?? importName.kind), start,
  }))
  const fromExports = module.staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest, isType, start, importName }) => (
    moduleRequest ? [{ from: moduleRequest.value, typeOnly: isType, names: [importName.name ?? importName.kind], start }] : [])))
  const dynamic = module.dynamicImports.map(({ moduleRequest, start }) => ({ from: text.slice(moduleRequest.start + 1, moduleRequest.end - 1), typeOnly: false, names: [], start }))
  return {
    path, text, program: program as unknown as Node, imports: [...fromStatic, ...fromExports, ...dynamic],
    lineOf: (offset) => starts.findLastIndex((start) => start <= offset) + 1,
  }
}

/** Every TypeScript file under a folder. */
export const readSources = (root: string): Source[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts')).toSorted()
    .map((path) => parseSource(path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')))

/** Calls `see` for every node, parents first. */
export function visit(node: Node, see: (node: Node, parent: Node | undefined) => void, parent?: Node): void {
  see(node, parent)
  for (const member of Object.values(node)) {
    for (const child of Array.isArray(member) ? member : [member]) if (isNode(child)) visit(child, see, node)
  }
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string' && typeof (value as Node).start === 'number'

/** Every node of some types. */
export function nodesOf(source: Source, ...types: string[]): Node[] {
  const found: Node[] = []
  visit(source.program, (node) => { if (types.includes(node.type)) found.push(node) })
  return found
}

/** The name of an identifier, of a member's property or of a literal key; empty for anything else. */
export function nameOf(node: unknown): string {
  if (!isNode(node)) return ''
  if (node.type === 'Identifier' || node.type === 'PrivateIdentifier') return String(node.name)
  if (node.type === 'MemberExpression') return node.computed ? '' : nameOf(node.property)
  if (node.type === 'Literal') return String(node.value)
  if (node.type === 'ChainExpression' || node.type === 'TSNonNullExpression' || node.type === 'TSAsExpression' || node.type === 'ParenthesizedExpression') return nameOf(node.expression)
  return ''
}

/** The properties of an object expression, by name. */
export function propertiesOf(node: unknown): Map<string, Node> {
  if (!isNode(node) || node.type !== 'ObjectExpression') return new Map()
  const properties = (node.properties as Node[]).filter(({ type }) => type === 'Property')
  return new Map(properties.map((property) => [nameOf(property.key), property.value as Node]))
}

/** The texts of an array of literals. */
export const textsOf = (node: unknown): string[] =>
  isNode(node) && node.type === 'ArrayExpression' ? (node.elements as Node[]).filter(({ type }) => type === 'Literal').map((element) => String(element.value)) : []
