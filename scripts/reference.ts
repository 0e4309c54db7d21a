// Prints docs/reference and .env.example from the code: npm run reference [-- --check]
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { printPages } from './reference/print-pages.ts'

const ROOT = join(import.meta.dirname, '..')

const read = (path: string): string => {
  try {
    return readFileSync(join(ROOT, path), 'utf8')
  } catch {
    return ''
  }
}

const pages = [...await printPages()]
const stale = pages.filter(([path, text]) => read(path) !== text)

if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is stale; run npm run reference.`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const [path, text] of stale) writeFileSync(join(ROOT, path), text)
  console.log(stale.length > 0 ? `Printed ${stale.map(([path]) => path).join(', ')}.` : 'Everything was up to date.')
}
