import type { Rule } from './rule.ts'
import { nameOf, nodesOf, visit, type Node, type Source } from './source.ts'

const FILE_MAX = 300
const FUNCTION_MAX = 70
const FUNCTIONS = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']

const linesFrom = (source: Source, { start, end }: Node): number => source.lineOf(end) - source.lineOf(start) + 1

/** Lines of a function without those of the functions that are named inside it: they count for themselves. */
function lengthOf(source: Source, outer: Node): number {
  const named: Node[] = []
  visit(outer, (node, parent) => {
    const counts = node !== outer && (node.type === 'FunctionDeclaration' || (FUNCTIONS.includes(node.type) && parent?.type === 'VariableDeclarator'))
    if (counts && !named.some((one) => one.start <= node.start && node.end <= one.end)) named.push(node)
  })
  return linesFrom(source, outer) - named.reduce((sum, node) => sum + linesFrom(source, node) - 1, 0)
}

const linesOf = (source: Source, nodes: Node[], what: string): Array<{ line: number; what: string }> => nodes.map(({ start }) => ({ line: source.lineOf(start), what }))

/** Written by a tool, so that its length is not ours. */
const GENERATED = new Set(['platform/db/generated.ts'])

/** True for the callback of a `suite` or `describe`, which only groups tests. */
const groups = (source: Source, node: Node): boolean => source.path.endsWith('.test.ts') && nodesOf(source, 'CallExpression').some((call) => (call.arguments as Node[]).includes(node) && ['suite', 'describe'].includes(nameOf(call.callee)))

export const SHAPE_RULES: Rule[] = [
  {
    says: `A file is at most ${FILE_MAX} lines long; past that it splits by noun.`,
    find: (source) => {
      const count = source.text.trimEnd().split('\n').length
      return count > FILE_MAX && !GENERATED.has(source.path) ? [{ line: FILE_MAX + 1, what: `${count} lines` }] : []
    },
    control: [{ path: 'domains/notes/long.ts', text: 'export {}\n'.repeat(FILE_MAX + 1) }],
  },
  {
    says: `A function is at most ${FUNCTION_MAX} lines long, not counting functions that are named inside it.`,
    find: (source) => nodesOf(source, ...FUNCTIONS).filter((node) => lengthOf(source, node) > FUNCTION_MAX && !groups(source, node))
      .map((node) => ({ line: source.lineOf(node.start), what: `${lengthOf(source, node)} lines` })),
    control: [{ path: 'domains/notes/long.ts', text: `export const f = () => {\n${'g()\n'.repeat(FUNCTION_MAX)}}` }],
  },
  {
    says: 'There are no default exports and no barrels: a name is imported from the file that holds it.',
    find: (source) => linesOf(source, nodesOf(source, 'ExportDefaultDeclaration', 'ExportAllDeclaration'), 'export'),
    control: [{ path: 'domains/notes/a.ts', text: 'export default 1' }, { path: 'domains/notes/a.ts', text: "export * from './present.ts'" }],
  },
  {
    says: 'Imports name what they take: no `import *`.',
    find: (source) => linesOf(source, nodesOf(source, 'ImportNamespaceSpecifier'), 'import *'),
    control: [{ path: 'domains/notes/a.ts', text: "import * as present from './present.ts'" }],
  },
  {
    says: 'Choices are string unions and shapes are types: no enum, no interface, no namespace.',
    find: (source) => (GENERATED.has(source.path) ? [] : linesOf(source, nodesOf(source, 'TSEnumDeclaration', 'TSInterfaceDeclaration', 'TSModuleDeclaration').filter((node) => !isAugmentation(source, node)), 'declaration')),
    control: [{ path: 'domains/notes/a.ts', text: 'export enum Colour { Red }' }, { path: 'domains/notes/a.ts', text: 'export interface Note { id: string }' }],
  },
]

/** `declare module 'x' { interface … }` is how a library's own type is added to; TypeScript knows no other way. */
function isAugmentation(source: Source, node: Node): boolean {
  return nodesOf(source, 'TSModuleDeclaration').some((module) => module.declare === true && (module.id as Node).type === 'Literal' && module.start <= node.start && node.end <= module.end)
}
