import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { nextMigration } from '../new-migration.ts'

const TEMPLATE = join(import.meta.dirname, 'template')

export type Written = { files: string[]; /** Lines that domains.ts still needs. */ wiring: string[] }

/**
 * Writes the folder of a new domain and the migration of its table, in the way of domains/notes.
 * @param domain the plural noun, such as `recipes`; its folder, table and export. `noun` is one of them.
 */
export function writeDomain(root: string, { domain, noun }: { domain: string; noun: string }): Written {
  const folder = join('server/src/domains', domain)
  if (existsSync(join(root, folder))) throw new TypeError(`${folder} exists already.`)
  const migration = nextMigration(readdirSync(join(root, 'server/migrations')), domain)?.file ?? ''
  const files = readdirSync(TEMPLATE).toSorted().map((template) => {
    const path = template === 'migration.ts.txt' ? join('server/migrations', migration) : join(folder, rename(template.replace(/\.txt$/, ''), { domain, noun }))
    return { path, text: rename(readFileSync(join(TEMPLATE, template), 'utf8'), { domain, noun }) }
  })
  for (const { path, text } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text, { flag: 'wx' })
  }
  return { files: files.map(({ path }) => path), wiring: [`import { ${domain} } from './domains/${domain}/domain.ts'`, `  ${domain},`] }
}

const capital = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`

/** The template speaks of things; `thing` inside other words is left alone. */
const rename = (text: string, { domain, noun }: { domain: string; noun: string }): string =>
  text.replaceAll('Things', capital(domain)).replaceAll('things', domain).replaceAll('Thing', capital(noun)).replaceAll(/(?<![a-z])thing(?![a-z])/g, noun)
