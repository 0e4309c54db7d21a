import { domainOf, isTest } from './house.ts'
import type { Rule } from './rule.ts'
import { nameOf, nodesOf } from './source.ts'

const BANNED = /(^|[-_./])(utils?|helpers?|common|misc|managers?|data2)([-_./]|$)/i
const BANNED_NAME = /(Utils?|Helpers?|Common|Misc|Manager)$/
const ROOT_FILES = new Set(['main.ts', 'app.ts', 'domains.ts', 'seed.ts', 'prepare.ts', 'tidy.test.ts'])
const FILES_MAX = 25

const only = (broken: boolean, what: string): Array<{ line: number; what: string }> => (broken ? [{ line: 1, what }] : [])

export const TREE_RULES: Rule[] = [
  {
    says: 'Everything lives in platform/, adapters/, domains/<name>/, invariants/, process/, faults/ or testing/; beside them lie only the files that build the whole.',
    find: ({ path }) => only(!ROOT_FILES.has(path) && !/^(platform|adapters|testing)\/|^domains\/[^/]+\/|^(invariants|process|faults)\/.*\.test\.ts$/.test(path), path),
    control: [{ path: 'services/notes.ts', text: '' }, { path: 'domains/notes.ts', text: '' }, { path: 'server.ts', text: '' }],
  },
  {
    says: 'A file is named in kebab-case after what it exports.',
    find: ({ path }) => only(!/^([a-z0-9_-]+\/)*[a-z0-9][a-z0-9_-]*(\.test)?\.ts$/.test(path), path),
    control: [{ path: 'domains/notes/createNote.ts', text: '' }, { path: 'domains/notes/note.service.ts', text: '' }],
  },
  {
    says: 'There is no index.ts: an import names the file that it means.',
    find: ({ path }) => only(/(^|\/)index(\.test)?\.ts$/.test(path), path),
    control: [{ path: 'domains/notes/index.ts', text: '' }],
  },
  {
    says: 'utils, helpers, common, misc and manager say nothing; name the thing.',
    find: (source) => [
      ...only(BANNED.test(source.path.replace(/\.ts$/, '')), source.path),
      ...nodesOf(source, 'FunctionDeclaration', 'VariableDeclarator', 'ClassDeclaration', 'TSTypeAliasDeclaration').map((node) => ({ node, name: nameOf(node.id) }))
        .filter(({ name }) => BANNED_NAME.test(name)).map(({ node, name }) => ({ line: source.lineOf(node.start), what: name })),
    ],
    control: [{ path: 'domains/notes/helpers.ts', text: '' }, { path: 'platform/utils/text.ts', text: '' }, { path: 'domains/notes/note.ts', text: 'export const noteManager = 1' }],
  },
  {
    says: `A folder past ${FILES_MAX} files is two domains.`,
    find: ({ path }, { sources }) => {
      if (!domainOf(path) || isTest(path)) return []
      const folder = path.slice(0, path.lastIndexOf('/'))
      const files = sources.filter((other) => !isTest(other.path) && other.path.slice(0, other.path.lastIndexOf('/')) === folder)
      return only(files.length > FILES_MAX && files[0]?.path === path, `${files.length} files in ${folder}`)
    },
    control: [{ path: 'domains/notes/n0.ts', text: '', and: Array.from({ length: FILES_MAX }, (_, n) => ({ path: `domains/notes/n${n + 1}.ts`, text: '' })) }],
  },
  {
    says: 'A domain has one manifest, domain.ts, called like its folder, and stands once in domains.ts.',
    find: ({ path }, { manifests, order }) => {
      const name = domainOf(path)
      if (!/^domains\/[^/]+\/routes\.ts$/.test(path) || name === undefined) return []
      return [...only(!manifests.has(name), `${name} has no manifest`), ...only(order.filter((other) => other === name).length !== 1, `${name} in domains.ts`)]
    },
    control: [{ path: 'domains/cats/routes.ts', text: 'export const routes = []' }],
  },
]

