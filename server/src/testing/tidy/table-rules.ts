import { isExcepted, PLATFORM_TABLES, SPEAKS_SQL } from './exceptions.ts'
import { domainOf, isTest, type House } from './house.ts'
import type { Hit, Rule } from './rule.ts'
import { nameOf, nodesOf, type Node, type Source } from './source.ts'

const VERBS = new Set(['selectFrom', 'insertInto', 'updateTable', 'deleteFrom', 'mergeInto', 'replaceInto', 'using'])
const JOINS = new Set(['innerJoin', 'leftJoin', 'rightJoin', 'fullJoin', 'crossJoin', 'innerJoinLateral', 'leftJoinLateral', 'from'])
const RAW_SQL = /^\s*(select|insert|update|delete|with|merge|truncate|create|alter|drop|lock|do|set|begin|commit|rollback|listen|notify|vacuum|copy|call)\b/i

const statements = (source: Source): Node[] => [
  ...nodesOf(source, 'CallExpression').filter((call) => VERBS.has(nameOf(call.callee)) && (call.callee as Node).type === 'MemberExpression' && nameOf(call.callee) !== 'using'),
  ...nodesOf(source, 'TaggedTemplateExpression').filter(({ tag }) => nameOf(tag) === 'sql' || nameOf((tag as Node).expression) === 'sql'),
  ...nodesOf(source, 'CallExpression').filter((call) => nameOf(call.callee) === 'query' && RAW_SQL.test(textOf((call.arguments as Node[])[0]))),
]

/** The text of a literal or a template, its values left out. */
function textOf(node: Node | undefined): string {
  if (node?.type === 'Literal') return String(node.value)
  if (node?.type === 'TemplateLiteral') return (node.quasis as Array<{ value: { raw: string } }>).map(({ value }) => value.raw).join(' $ ')
  if (node?.type === 'TaggedTemplateExpression') return textOf(node.quasi as Node)
  return ''
}

type Use = { table: string; start: number }

/** Every table that a file's statements name, of those that exist. */
function tablesIn(source: Source, tables: Set<string>): Use[] {
  const called = nodesOf(source, 'CallExpression').filter((call) => VERBS.has(nameOf(call.callee)) || JOINS.has(nameOf(call.callee)))
    .flatMap((call) => tableNames((call.arguments as Node[])[0]).map((table) => ({ table, start: call.start })))
  const written = statements(source).filter(({ type }) => type === 'TaggedTemplateExpression' || type === 'CallExpression')
    .flatMap((node) => inSql(textOf(node.type === 'CallExpression' ? (node.arguments as Node[])[0] : node)).map((table) => ({ table, start: node.start })))
  return [...called, ...written].filter(({ table }) => tables.has(table))
}

const tableNames = (argument: Node | undefined): string[] => {
  if (argument?.type === 'ArrayExpression') return (argument.elements as Node[]).flatMap(tableNames)
  return argument?.type === 'Literal' ? [String(argument.value).trim().split(/\s+/)[0] ?? ''] : []
}

/** Names that stand where SQL expects a table. */
const inSql = (text: string): string[] => [...text.matchAll(/\b(?:from|join|into|update|table|truncate|lock)\s+(?:only\s+)?([a-z_][a-z_0-9]*)(?!\s*\()/gi), ...text.matchAll(/\bfrom\s+[^;()]*?,\s*([a-z_][a-z_0-9]*)(?!\s*[(.])/gi)].map((match) => match[1] ?? '')

function strangers(source: Source, { manifests, tables }: House): Hit[] {
  const own = domainOf(source.path)
  const manifest = own === undefined ? undefined : manifests.get(own)
  const mayName = (table: string): boolean => {
    if (own !== undefined) return manifest?.tables.includes(table) === true || manifest?.reads.includes(table) === true
    return source.path.startsWith('platform/') ? PLATFORM_TABLES[table]?.test(source.path) === true : true
  }
  return tablesIn(source, tables).filter(({ table }) => !mayName(table)).map(({ table, start }) => ({ line: source.lineOf(start), what: table }))
}

const SELECTS = new Set(['selectFrom', ...JOINS])

/** Tables of others that a statement changes, though `reads` allows to read them only. */
function changedStrangers(source: Source, { manifests }: House): Hit[] {
  const manifest = manifests.get(domainOf(source.path) ?? '')
  if (!manifest) return []
  return nodesOf(source, 'CallExpression').filter((call) => VERBS.has(nameOf(call.callee)) && !SELECTS.has(nameOf(call.callee)) && nameOf(call.callee) !== 'using')
    .flatMap((call) => tableNames((call.arguments as Node[])[0]).map((table) => ({ line: source.lineOf(call.start), what: table })))
    .filter(({ what }) => manifest.reads.includes(what) && !manifest.tables.includes(what))
}

const inNotes = (statement: string): string => `export const listOdd = (db: { [verb: string]: (table: string) => unknown }) => ${statement}`

export const TABLE_RULES: Rule[] = [
  {
    says: 'SQL lives in queries.ts alone.',
    find: (source) => (isTest(source.path) || source.path.endsWith('/queries.ts') || isExcepted(SPEAKS_SQL, source.path) ? []
      : statements(source).map(({ start }) => ({ line: source.lineOf(start), what: source.text.slice(start, start + 60).split('\n')[0] ?? '' }))),
    control: [
      { path: 'domains/notes/a.ts', text: inNotes("db.selectFrom('notes')") }, { path: 'domains/notes/a.ts', text: 'export const q = sql`select 1`' },
      { path: 'domains/notes/a.ts', text: 'export const q = sql<{ n: number }>`select 1`' }, { path: 'adapters/mail/a.ts', text: "export const q = (pool: { query(text: string): void }) => pool.query('select 1')" },
    ],
  },
  {
    says: 'A domain names only tables that its manifest owns or reads.',
    find: (source, house) => (isTest(source.path) ? [] : strangers(source, house)),
    control: [
      { path: 'domains/notes/queries.ts', text: inNotes("db.selectFrom('users as u')") }, { path: 'domains/notes/queries.ts', text: inNotes("db.selectFrom('notes').leftJoin('identities')") },
      { path: 'domains/notes/queries.ts', text: 'export const q = sql`select 1 from notes n join users u on true`' }, { path: 'domains/notes/queries.ts', text: 'export const q = sql`update users set name = ${1}`' },
      { path: 'domains/notes/queries.ts', text: 'export const q = sql`select 1 from notes n, users u`' }, { path: 'platform/events/a.ts', text: inNotes("db.selectFrom('notes')") },
    ],
  },
  {
    says: 'What a manifest only reads, its domain does not change.',
    find: (source, house) => (isTest(source.path) ? [] : changedStrangers(source, house)),
    control: [{
      path: 'domains/notes/queries.ts', text: inNotes("db.updateTable('tasks')"),
      and: [{ path: 'domains/notes/domain.ts', text: "export const notes = { name: 'notes', tables: ['notes'], uses: [], reads: ['tasks'], actions: [], routes: [] }" }],
    }],
  },
  {
    says: 'Every table has one owner: one domain, or the platform.',
    find: ({ path }, { manifests, tables }) => {
      if (path !== 'domains.ts') return []
      const owners = (table: string): string[] => [...manifests.values()].filter((manifest) => manifest.tables.includes(table)).map(({ name }) => name).concat(PLATFORM_TABLES[table] ? ['platform'] : [])
      const unknown = [...manifests.values()].flatMap((manifest) => [...manifest.tables, ...manifest.reads].filter((table) => !tables.has(table)).map((table) => `${manifest.name} names ${table}, which does not exist`))
      return [...[...tables].filter((table) => owners(table).length !== 1).map((table) => `${table}: ${owners(table).join(', ') || 'nobody'}`), ...unknown].map((what) => ({ line: 1, what }))
    },
    control: [
      { path: 'domains/notes/domain.ts', elsewhere: true, text: "export const notes = { name: 'notes', tables: ['notes', 'tasks'], uses: [], actions: [], routes: [] }" },
      { path: 'domains/notes/domain.ts', elsewhere: true, text: "export const notes = { name: 'notes', tables: ['notes', 'nowhere'], uses: [], actions: [], routes: [] }" },
    ],
  },
]
