import { COMPARES_OPENLY, isExcepted, MOUNTS_HANDLERS, READS_THE_CLOCK, STARTS_PROCESSES } from './exceptions.ts'
import { domainOf, isTest } from './house.ts'
import type { Hit, Rule } from './rule.ts'
import { nameOf, nodesOf, type Node, type Source } from './source.ts'

const SECRET_WORDS = new Set(['secret', 'secrets', 'token', 'tokens', 'seal', 'hash', 'mac', 'hmac', 'password', 'signature', 'digest'])

/** The words of a camelCase or snake_case name. */
const wordsOf = (name: string): string[] => name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z0-9]+/).map((word) => word.toLowerCase())

const isSecret = (node: Node): boolean => wordsOf(nameOf(node)).some((word) => SECRET_WORDS.has(word)) && node.type !== 'Literal'

/** undefined, null, a constant, a fixed text or number: what one may compare a secret with, for that tells nothing of it. */
const isPlain = (node: Node): boolean => node.type === 'Literal' || node.type === 'UnaryExpression' || /^(undefined|[A-Z][A-Z0-9_]+)$/.test(nameOf(node))

/** `===` on what a name calls secret: its time tells how much of a guess is right. */
function openComparisons(source: Source): Hit[] {
  return nodesOf(source, 'BinaryExpression').filter(({ operator, left, right }) => /^[!=]==?$/.test(String(operator)) && !isPlain(left as Node) && !isPlain(right as Node) && (isSecret(left as Node) || isSecret(right as Node)))
    .map(({ start, end }) => ({ line: source.lineOf(start), what: source.text.slice(start, end) }))
    .filter(({ what }) => !COMPARES_OPENLY.some(({ where, text }) => where.test(source.path) && text.test(what)))
}

const callsOf = (source: Source, object: string, property: string): Hit[] =>
  nodesOf(source, 'MemberExpression').filter((node) => nameOf(node.object) === object && nameOf(node) === property).map(({ start }) => ({ line: source.lineOf(start), what: `${object}.${property}` }))

const nowOf = (source: Source): Hit[] => [
  ...callsOf(source, 'Date', 'now'),
  ...nodesOf(source, 'NewExpression').filter(({ callee, arguments: given }) => nameOf(callee) === 'Date' && (given as Node[]).length === 0).map(({ start }) => ({ line: source.lineOf(start), what: 'new Date()' })),
]

const importsOf = (source: Source, name: RegExp): Hit[] => source.imports.filter(({ from }) => name.test(from)).map(({ from, start }) => ({ line: source.lineOf(start), what: `imports ${from}` }))

export const GUARD_RULES: Rule[] = [
  {
    says: 'SEC-07: secrets are compared with timingSafeEqual, never with ===.',
    find: (source) => (isTest(source.path) ? [] : openComparisons(source)),
    control: [
      { path: 'domains/accounts/a.ts', text: 'export const same = (a: string, row: { token_hash: string }) => row.token_hash === a' },
      { path: 'platform/a.ts', text: 'export const same = (seal: string, given: string) => given !== seal' },
      { path: 'domains/accounts/a.ts', text: 'export const same = (x: { refreshToken?: string }, y: string) => x?.refreshToken == y' },
    ],
  },
  {
    says: 'SEC-09: ids and secrets come from crypto; Math.random is not random enough for anything here.',
    find: (source) => (isTest(source.path) ? [] : callsOf(source, 'Math', 'random')),
    control: [{ path: 'domains/notes/a.ts', text: 'export const id = () => String(Math.random())' }],
  },
  {
    says: 'SEC-09: time comes from the context, so that it is never an id and tests can move it.',
    find: (source) => (isTest(source.path) || isExcepted(READS_THE_CLOCK, source.path) ? [] : nowOf(source)),
    control: [{ path: 'domains/notes/a.ts', text: 'export const id = () => Date.now()' }, { path: 'adapters/mail/a.ts', text: 'export const at = () => new Date()' }],
  },
  {
    says: 'INP-04: nothing starts a process or runs text as code.',
    find: (source) => (isTest(source.path) ? [] : [
      ...(isExcepted(STARTS_PROCESSES, source.path) ? [] : importsOf(source, /^(node:)?(child_process|cluster)$/)), ...importsOf(source, /^(node:)?(vm|repl|inspector)$/),
      ...nodesOf(source, 'CallExpression', 'NewExpression').filter(({ callee }) => /^(eval|Function)$/.test(nameOf(callee)) && (callee as Node).type === 'Identifier').map(({ start }) => ({ line: source.lineOf(start), what: 'runs text as code' })),
    ]),
    control: [
      { path: 'domains/nova/a.ts', text: "import { exec } from 'node:child_process'\nexec('ls')" }, { path: 'domains/nova/a.ts', text: "import { runInThisContext } from 'node:vm'\nrunInThisContext('1')" },
      { path: 'domains/nova/a.ts', text: "export const f = new Function('return 1')" }, { path: 'domains/nova/a.ts', text: "const { exec } = await import('node:child_process')\nexec('ls')" },
    ],
  },
  {
    says: 'The environment is read once, in main.ts; everything else gets its settings.',
    find: (source) => (isTest(source.path) || source.path === 'main.ts' ? [] : callsOf(source, 'process', 'env').filter(() => !/^platform\/db\/(tool|postmaster|cluster|binaries)\.ts$/.test(source.path))),
    control: [{ path: 'domains/nova/a.ts', text: 'export const key = process.env.ANTHROPIC_API_KEY' }],
  },
  {
    says: 'Only the domains listed in exceptions.ts mount a route that is neither an action nor a scoped read.',
    find: (source) => {
      const own = domainOf(source.path)
      if (!own || isTest(source.path) || MOUNTS_HANDLERS[own]) return []
      return nodesOf(source, 'CallExpression').filter(({ callee }) => /^(sessionRoute|publicRoute)$/.test(nameOf(callee))).map((node) => ({ line: source.lineOf(node.start), what: nameOf(node.callee) }))
    },
    control: [{ path: 'domains/notes/a.ts', text: "export const r = sessionRoute('POST /x', {})" }, { path: 'domains/tasks/a.ts', text: "export const r = publicRoute('GET /x', {})" }],
  },
  {
    says: 'An action says its name, effect, input, output, title and summary, both texts in English and French.',
    find: (source) => (isTest(source.path) ? [] : nodesOf(source, 'CallExpression').filter(({ callee }) => nameOf(callee) === 'defineAction').flatMap((call) => incompleteActions(source, call))),
    control: [
      { path: 'domains/notes/a.ts', text: "export const a = defineAction({ name: 'a.b', effect: 'READ', input: I, output: O, title: { en: 'A', fr: '' }, summary: () => ({ en: 'A', fr: 'A' }), run })" },
      { path: 'domains/notes/a.ts', text: "export const a = defineAction({ name: 'a.b', effect: 'READ', input: I, output: O, title: { en: 'A', fr: 'A' }, summary: () => ({ en: 'A', fr: `` }), run })" },
      { path: 'domains/notes/a.ts', text: "export const a = defineAction({ name: 'a.b', input: I, output: O, title: { en: 'A', fr: 'A' }, summary: () => ({ en: 'A', fr: 'A' }), run })" },
    ],
  },
]

function incompleteActions(source: Source, call: Node): Hit[] {
  const [given] = call.arguments as Node[]
  if (given?.type !== 'ObjectExpression') return [{ line: source.lineOf(call.start), what: 'not an object' }]
  const members = new Map((given.properties as Node[]).map((property) => [nameOf(property.key), property]))
  const missing = ['name', 'effect', 'input', 'output', 'title', 'summary', 'run'].filter((name) => !members.has(name))
  const mute = ['title', 'summary'].filter((name) => {
    const member = members.get(name)
    return member && !speaksBoth(member)
  })
  return [...missing.map((name) => `no ${name}`), ...mute.map((name) => `${name} is not in both languages`)].map((what) => ({ line: source.lineOf(call.start), what }))
}

/** True when a member holds `en` and `fr` with some text in each, or leaves both to a function of another file. */
function speaksBoth(member: Node): boolean {
  const said = (language: string): string[] => [...textsFor(member, language)]
  return ['en', 'fr'].every((language) => said(language).length > 0 && said(language).every((text) => text.length > 0)) || (said('en').length === 0 && said('fr').length === 0)
}

function* textsFor(node: Node, language: string): Generator<string> {
  for (const value of Object.values(node)) {
    for (const child of (Array.isArray(value) ? value : [value]) as Array<Node | null>) {
      if (child === null || typeof child !== 'object' || typeof child.type !== 'string') continue
      if (child.type === 'Property' && nameOf(child.key) === language) yield textIn(child.value as Node)
      else yield* textsFor(child, language)
    }
  }
}

const textIn = (node: Node): string => {
  if (node.type === 'Literal') return String(node.value)
  if (node.type === 'TemplateLiteral') return (node.quasis as Array<{ value: { raw: string } }>).map(({ value }) => value.raw).join('').trim()
  return 'said by a function'
}
