import { join } from 'node:path'
import { nameOf, nodesOf, propertiesOf, readSources, textsOf, type Node, type Source } from './source.ts'

/** What a domain's manifest says, read from its text. */
export type Manifest = { name: string; tables: string[]; uses: string[]; reads: string[]; path: string; line: number }

/** The whole of server/src, as the rules see it. */
export type House = {
  sources: Source[]
  manifests: Map<string, Manifest>
  /** Folders of domains in the order of domains.ts. */
  order: string[]
  /** Every table of the database, from the generated types. */
  tables: Set<string>
}

export const SRC = join(import.meta.dirname, '../..')

export const readHouse = (root = SRC): House => houseOf(readSources(root))

export function houseOf(sources: Source[]): House {
  const manifests = sources.flatMap((source) => manifestOf(source) ?? [])
  const list = sources.find(({ path }) => path === 'domains.ts')
  return {
    sources, manifests: new Map(manifests.map((manifest) => [manifest.name, manifest])),
    order: list ? orderOf(list) : [],
    tables: tablesOf(sources.find(({ path }) => path === 'platform/db/generated.ts')),
  }
}

/** The domain that a file belongs to; undefined outside the domains. */
export const domainOf = (path: string): string | undefined => /^domains\/([^/]+)\//.exec(path)?.[1]

/** True for tests and for what tests are built with. */
export const isTest = (path: string): boolean => path.endsWith('.test.ts') || /(^|\/)testing\.ts$/.test(path) || /^(testing|invariants)\//.test(path)

/** A manifest is the object with a name, tables and uses, in a domain's folder. */
function manifestOf(source: Source): Manifest | undefined {
  if (!domainOf(source.path) || isTest(source.path)) return undefined
  for (const object of nodesOf(source, 'ObjectExpression')) {
    const members = propertiesOf(object)
    if (!['name', 'tables', 'uses', 'actions', 'routes'].every((name) => members.has(name))) continue
    const texts = (name: string): string[] => textsOf(members.get(name))
    return { name: nameOf(members.get('name')), tables: texts('tables'), uses: texts('uses'), reads: texts('reads'), path: source.path, line: source.lineOf(object.start) }
  }
  return undefined
}

/** The product's list: each element's first name is imported from, or called like, its domain's folder. */
function orderOf(list: Source): string[] {
  const [array] = nodesOf(list, 'ArrayExpression')
  const folders = new Map(list.imports.flatMap(({ from, names }) => names.map((name) => [name, domainOf(from.replace('./', '')) ?? name])))
  return ((array?.elements ?? []) as Node[]).map(rootName).map((name) => folders.get(name) ?? name)
}

function rootName(node: Node): string {
  if (node.type === 'CallExpression') return rootName(node.callee as Node)
  if (node.type === 'MemberExpression') return rootName(node.object as Node)
  if (node.type === 'SpreadElement') return rootName(node.argument as Node)
  return nameOf(node)
}

function tablesOf(generated: Source | undefined): Set<string> {
  const found = generated ? nodesOf(generated, 'TSInterfaceDeclaration').find((node) => nameOf(node.id) === 'DB') : undefined
  const members = ((found?.body as Node | undefined)?.body ?? []) as Node[]
  return new Set(members.map((member) => nameOf(member.key)))
}
