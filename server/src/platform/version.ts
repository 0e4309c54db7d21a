import { readFileSync } from 'node:fs'
import { z } from 'zod'

const Package = z.object({ name: z.string(), version: z.string() })

/** The version of the product, as package.json says. */
export const { version: VERSION } = Package.parse(JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')))
