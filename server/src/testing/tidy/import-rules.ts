import { posix } from 'node:path'
import { domainOf, isTest } from './house.ts'
import type { Hit, Rule } from './rule.ts'
import type { Import, Source } from './source.ts'

/** The few files that build the whole and so may import it. */
const BUILDERS = new Set(['app.ts', 'domains.ts', 'main.ts', 'seed.ts', 'prepare.ts'])

const PRIVATE = /(^|\/)(queries|routes|present)\.ts$/

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
]

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
    says: 'Another domain’s queries, routes and present are its own affair; use its verbs, rules, contract, events and errors.',
    find: (source) => {
      const own = domainOf(source.path)
      if (!own || free(source.path)) return []
      return hits(source, edgesOf(source).filter(({ to }) => domainOf(to) !== undefined && domainOf(to) !== own && PRIVATE.test(to)))
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
    control: [{ path: 'domains/audit/domain.ts', text: "export const audit = { name: 'audit', tables: [], uses: ['notes'], actions: [], routes: [] }" }],
  },
  {
    says: 'A manifest’s `uses` lists only what the domain imports.',
    find: ({ path }, { manifests, sources }) => {
      const manifest = [...manifests.values()].find((one) => one.path === path)
      if (!manifest) return []
      const used = new Set(sources.filter((source) => domainOf(source.path) === manifest.name).flatMap((source) => edgesOf(source).map(({ to }) => domainOf(to))))
      return manifest.uses.filter((name) => !used.has(name)).map((name) => ({ line: manifest.line, what: name }))
    },
    control: [{ path: 'domains/audit/domain.ts', text: "export const audit = { name: 'audit', tables: [], uses: ['notes'], actions: [], routes: [] }" }],
  },
  {
    says: 'A contract imports zod, the page shape and other contracts only, because the console reads it.',
    find: (source) => {
      if (!/^domains\/[^/]+\/contract\.ts$/.test(source.path)) return []
      const allowed = ({ from, typeOnly }: Import): boolean => typeOnly || from === 'zod' || from.endsWith('/contract.ts') || from.endsWith('platform/http/page.ts')
      return source.imports.filter((given) => !allowed(given)).map(({ from, start }) => ({ line: source.lineOf(start), what: `imports ${from}` }))
    },
    control: [{ path: 'domains/notes/contract.ts', text: importing('./queries.ts') }, { path: 'domains/notes/contract.ts', text: importing('node:crypto') }],
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
