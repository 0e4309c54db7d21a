const FILE = /^(\d{4})_[a-z_]+\.ts$/

/** The next migration's file name and text; undefined when the name is not a few lower-case words. */
export function nextMigration(files: string[], given: string): { file: string; text: string } | undefined {
  const name = given.toLowerCase().replaceAll(/[-\s]+/g, '_')
  if (!/^[a-z]+(_[a-z]+)*$/.test(name)) return undefined
  const last = Math.max(0, ...files.map((file) => Number(FILE.exec(file)?.[1] ?? 0)))
  return { file: `${String(last + 1).padStart(4, '0')}_${name}.ts`, text: textOf(name.replaceAll('_', ' ')) }
}

const textOf = (words: string): string => `import type { Kysely } from 'kysely'
import { script } from './owned.ts'

/** @TODO(#issue) What this adds, in one sentence: ${words}. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, \`
    select 1;
  \`)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, \`
    select 1;
  \`)
}
`
