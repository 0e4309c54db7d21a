import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { StartupError } from '../../server/src/platform/startup-error.ts'

export const ROOT = join(import.meta.dirname, '../..')

const EVERYWHERE = ['server/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts']

/** What a test file shows, in the order in which the summary lists them. */
export const KINDS = ['tidy', 'unit', 'HTTP and database', 'invariants', 'faults', 'processes'] as const
export type Kind = (typeof KINDS)[number]

export function kindOf(file: string): Kind {
  if (file.endsWith('tidy.test.ts')) return 'tidy'
  if (file.includes('/src/process/')) return 'processes'
  if (file.includes('/src/invariants/')) return 'invariants'
  if (file.includes('/src/faults/')) return 'faults'
  return /from '.*\/testing\/(world|database|store)\.ts'|startEmbeddedPostgres/.test(readFileSync(join(ROOT, file), 'utf8')) ? 'HTTP and database' : 'unit'
}

/** Every test file; those that take longest first, so that none is left alone at the end. */
export const allFiles = (): string[] =>
  globSync(EVERYWHERE, { cwd: ROOT }).toSorted((a, b) => KINDS.indexOf(kindOf(b)) - KINDS.indexOf(kindOf(a)) || (a < b ? -1 : 1))

/** The files that arguments name, from where npm was called; nothing when there are none. Throws StartupError for one that does not exist. */
export function filesNamed(given: string[]): string[] | undefined {
  if (given.length === 0) return undefined
  return given.flatMap((name) => {
    const here = resolve(process.env.INIT_CWD ?? ROOT, name)
    const path = existsSync(here) ? relative(ROOT, here) : name
    const found = globSync([path, `${path}/**/*.test.ts`], { cwd: ROOT }).filter((one) => one.endsWith('.test.ts'))
    if (found.length === 0) throw new StartupError(`There is no test file ${name}.`)
    return found
  })
}
