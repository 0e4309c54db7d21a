import { posix } from 'node:path'
import { domainOf, isTest, type House } from './house.ts'
import type { Hit, Rule } from './rule.ts'
import type { Import, Source } from './source.ts'

/** The few files that build the whole and so may import it. */
const BUILDERS = new Set(['app.ts', 'domains.ts', 'main.ts', 'seed.ts', 'prepare.ts'])

const PRIVATE = /(^|\/)(queries|routes|present)\.ts$/

/** Holds the shape of a page beside its signed cursors. */
const PAGE = 'platform/http/page.ts'

type Edge = { given: Import; to: string }

/** The imports of our own files, with their paths from server/src. */
const edgesOf = ({ path, imports }: Source): Edge[] =>
  imports.filter(({ from }) => from.startsWith('.')).map((given) => ({ given, to: posix.normalize(posix.join(posix.dirname(path), given.from)) }))

const hits = (source: Source, edges: Edge[]): Hit[] => edges.map(({ given, to }) => ({ line: source.lineOf(given.start), what: `imports ${to}` }))

const free = (path: string): boolean => isTest(path) || BUILDERS.has(path)

const importing = (from: string): string => `import { a } from '${from}'\nexport const b = a`

/** Packages that one place alone speaks to, and where that is. */
const KEPT: Array<{ package: RegExp; where: RegExp; values?: boolean }> = [
  { package: /^pg-boss$/, where: /^platform\/jobs\// },
  { package: /^pg$/, where: /^platform\/(db|jobs|live|events)\// },
  { package: /^kysely(\/|$)/, where: /^platform\/(db|jobs|events|http)\/|(^|\/)queries\.ts$|^seed\.ts$/, values: true },
  { package: /^(@fastify\/.*|fastify)$/, where: /^platform\/(http|live)\//, values: true },
  { package: /^(ai|@ai-sdk\/.*)$/, where: /^adapters\/llm\//, values: true },
  { package: /^nodemailer(\/|$)/, where: /^adapters\/mail\//, values: true },
  { package: /^(undici|ipaddr\.js)$/, where: /^adapters\//, values: true },
]

/** Imports whose files lead, over however many others, to something that runs only on the server. */
function leadsAstray(contract: Source, { sources }: House): Hit[] {
  const files = new Map(sources.map((source) => [source.path, source]))
  const seen = new Set<string>()
  const astray = (source: Source): string | undefined => {
    if (seen.has(source.path) || source.path === PAGE) return undefined
    seen.add(source.path)
    const foreign = source.imports.find(({ from, typeOnly }) => !typeOnly && !from.startsWith('.') && from !== 'zod')
    if (foreign) return foreign.from
    for (const { to, given } of edgesOf(source)) {
      if (PRIVATE.test(to)) return to
      const next = files.get(to)
      const found = next && !given.typeOnly ? astray(next) : undefined
      if (found) return `${to} → ${found}`
    }
    return undefined
  }
  const found = astray(contract)
  return found ? [{ line: 1, what: found }] : []
}

export const IMPORT_RULES: Rule[] = [
  {
    says: 'The platform knows no domain and no adapter.',
    find: (source) => hits(source, source.path.startsWith('platform/') && !free(source.path) ? edgesOf(source).filter(({ to }) => !to.startsWith('platform/')) : []),
    control: [{ path: 'platform/a.ts', text: importing('../domains/notes/domain.ts') }, { path: 'platform/a.ts', text: importing('../app.ts') }],
  },
  {
    says: 'An adapter imports the platform and its own folder.',
    find: (source) => {
      const own = /^adapters\/[^/]+\//.exec(source.path)?.[0]
      return own && !free(source.path) ? hits(source, edgesOf(source).filter(({ to }) => !to.startsWith('platform/') && !to.startsWith(own))) : []
    },
    control: [{ path: 'adapters/mail/a.ts', text: importing('../llm/b.ts') }, { path: 'adapters/mail/a.ts', text: importing('../../domains/notes/domain.ts') }],
  },
  {
    says: 'A domain imports the platform, its own folder, types of adapters, and other domains that its `uses` lists.',
    find: (source, { manifests }) => {
      const own = domainOf(source.path)
      if (!own || free(source.path)) return []
      const uses = new Set(manifests.get(own)?.uses)
      return hits(source, edgesOf(source).filter(({ to, given }) => {
        const other = domainOf(to)
        if (other) return other !== own && !uses.has(other)
        return !to.startsWith('platform/') && !(to.startsWith('adapters/') && given.typeOnly)
      }))
    },
    control: [
      { path: 'domains/notes/a.ts', text: importing('../accounts/register.ts') }, { path: 'domains/notes/a.ts', text: importing('../../adapters/mail/mail.ts') },
      { path: 'domains/notes/a.ts', text: importing('../../app.ts') }, { path: 'domains/notes/a.ts', text: importing('../../testing/world.ts') },
    ],
  },
  {
    says: 'Another domain’s queries, routes and present are its own affair (only types of them may be named); use its verbs, rules, contract, events and errors.',
    find: (source) => {
      const own = domainOf(source.path)
      if (!own || free(source.path)) return []
      return hits(source, edgesOf(source).filter(({ to, given }) => domainOf(to) !== undefined && domainOf(to) !== own && PRIVATE.test(to) && !given.typeOnly))
    },
    control: [{ path: 'domains/notes/a.ts', text: importing('../spheres/queries.ts') }, { path: 'domains/notes/a.ts', text: importing('../governance/present.ts') }],
  },
  {
    says: 'A domain may use only those above it in domains.ts, so that there is no cycle.',
    find: ({ path }, { manifests, order }) => {
      const manifest = [...manifests.values()].find((one) => one.path === path)
      if (!manifest || !order.includes(manifest.name)) return []
      const above = new Set(order.slice(0, order.indexOf(manifest.name)))
      return manifest.uses.filter((name) => !above.has(name)).map((name) => ({ line: manifest.line, what: `${manifest.name} uses ${name}` }))
    },
    control: [{ path: 'domains/governance/domain.ts', text: "export const governance = { name: 'governance', tables: [], uses: ['notes'], actions: [], routes: [] }" }],
  },
  {
    says: 'A manifest’s `uses` lists only what the domain imports.',
    find: ({ path }, { manifests, sources }) => {
      const manifest = [...manifests.values()].find((one) => one.path === path)
      if (!manifest) return []
      const used = new Set(sources.filter((source) => domainOf(source.path) === manifest.name).flatMap((source) => edgesOf(source).map(({ to }) => domainOf(to))))
      return manifest.uses.filter((name) => !used.has(name)).map((name) => ({ line: manifest.line, what: name }))
    },
    control: [{ path: 'domains/governance/domain.ts', text: "export const governance = { name: 'governance', tables: [], uses: ['notes'], actions: [], routes: [] }" }],
  },
  {
    says: 'What a contract imports leads to zod alone, because the console reads it.',
    find: (source, house) => (/^domains\/[^/]+\/contract\.ts$/.test(source.path) ? leadsAstray(source, house) : []),
    control: [
      { path: 'domains/notes/contract.ts', text: importing('./queries.ts') }, { path: 'domains/notes/contract.ts', text: importing('node:crypto') },
      { path: 'domains/notes/contract.ts', text: importing('../../platform/canonical.ts') },
    ],
  },
  {
    says: 'The queue, the driver, the query builder, the web server, the models and the mail library each have one place that speaks to them.',
    find: (source) => (free(source.path) ? [] : source.imports.filter(({ from, typeOnly }) => KEPT.some((kept) => kept.package.test(from) && !kept.where.test(source.path) && !(kept.values && typeOnly)))
      .map(({ from, start }) => ({ line: source.lineOf(start), what: `imports ${from}` }))),
    control: [{ path: 'domains/notes/a.ts', text: importing('pg-boss') }, { path: 'domains/notes/a.ts', text: importing('kysely') }, { path: 'domains/nova/a.ts', text: importing('ai') }],
  },
  {
    says: 'Every import of our own names its file with .ts.',
    find: (source) => source.imports.filter(({ from }) => from.startsWith('.') && !/\.(ts|json)$/.test(from)).map(({ from, start }) => ({ line: source.lineOf(start), what: from })),
    control: [{ path: 'domains/notes/a.ts', text: importing('./present') }],
  },
]
