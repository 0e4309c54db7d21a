import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readSources, visit, type Source } from '../../server/src/testing/tidy/source.ts'
import { page, table } from './markdown.ts'

const Area = z.object({ area: z.string(), requirements: z.array(z.object({ id: z.string(), requirement: z.string(), expected: z.string() })) })
const ROOT = join(import.meta.dirname, '../..')
const IDS = /^((?:[A-Z]{1,4}-\d{2})(?:(?:,| and| to) [A-Z]{1,4}-\d{2})*):? (.+)/s

export type Shown = { id: string; title: string; path: string }

/** Titles that name a requirement: texts of tests, of those that every kept row shares, and of the rules of tidy.test.ts, that begin with its id. */
export function listShown(sources: Source[], root: string): Shown[] {
  const shown: Shown[] = []
  for (const source of sources.filter(({ path }) => /\.test\.ts$|testing\/(tidy\/.*-rules|kept-rows)\.ts$/.test(path))) {
    visit(source.program, (node) => {
      const text = node.type === 'Literal' ? String(node.value) : node.type === 'TemplateLiteral' ? (node.quasis as Array<{ value: { raw: string } }>).map(({ value }) => value.raw).join('…') : ''
      const [, ids, title = ''] = IDS.exec(text) ?? []
      for (const id of ids?.match(/[A-Z]{1,4}-\d{2}/g) ?? []) shown.push({ id, title, path: `${root}/${source.path}` })
    })
  }
  return shown
}

const areas = (): Array<z.output<typeof Area>> => z.array(Area).parse(JSON.parse(readFileSync(join(ROOT, 'docs/reference/hardening-requirements.json'), 'utf8')))

/** What is required, and the tests that show it; what no test shows is said too. Throws on an id that does not exist. */
export function hardeningPage(): string {
  const shown = ['server', 'scripts', 'bench'].flatMap((folder) => listShown(readSources(join(ROOT, folder)), folder))
  const known = new Set(areas().flatMap(({ requirements }) => requirements.map(({ id }) => id)))
  const prefixes = new Set([...known].map((id) => id.split('-')[0]))
  const unknown = shown.filter(({ id }) => prefixes.has(id.split('-')[0]) && !known.has(id))
  if (unknown.length > 0) throw new Error(`No such requirement: ${unknown.map(({ id, path }) => `${id} in ${path}`).join(', ')}`)
  const byId = Map.groupBy(shown, ({ id }) => id)
  const parts = areas().map(({ area, requirements }) => {
    const covered = requirements.filter(({ id }) => byId.has(id))
    const open = requirements.filter(({ id }) => !byId.has(id)).map(({ id }) => id)
    const rows = covered.map(({ id, requirement, expected }) => [id, requirement, expected, (byId.get(id) ?? []).map(({ title, path }) => `${title} (\`${path}\`)`).join('<br>')])
    return `## ${area}: ${covered.length} of ${requirements.length}\n\n${rows.length > 0 ? `${table(['id', 'requirement', 'expected', 'shown by'], rows)}\n\n` : ''}${open.length > 0 ? `Not shown by a test yet: ${open.join(', ')}.` : 'All are shown.'}`
  })
  return page('Hardening', 'What is required of the server, what is expected, and the tests whose titles name it. Where product.md or an issue says otherwise, that wins (403 for a foreign row, 422 for a wrong body, `Test123!` allowed).', ...parts)
}
