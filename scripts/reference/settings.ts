import { z } from 'zod'
import type { SettingsSchema } from '../../server/src/platform/settings.ts'
import { code, page, table } from './markdown.ts'

type Setting = { name: string; fallback: string; description: string }

/** The settings with their defaults, in the order of their schema. */
export function listSettings(schema: typeof SettingsSchema): Setting[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const { default: fallback, description = '' } = z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' })
    return { name, fallback: fallback === undefined ? '' : String(fallback), description: field.description ?? description }
  })
}

export const settingsPage = (settings: Setting[]): string => page(
  'Settings',
  'From the environment or a `.env` file beside package.json; all are optional. A wrong one stops the start with a sentence that names it.',
  table(['setting', 'default', 'meaning'], settings.map(({ name, fallback, description }) => [code(name), fallback === '' ? '' : code(fallback), description])),
)

/** `.env.example`: every setting, commented out, with its default. */
export const envExample = (settings: Setting[]): string =>
  `${['# Copy to .env and uncomment what should differ. Printed from the code by npm run reference.', ...settings.map(({ name, fallback, description }) => `\n# ${description}\n#${name}=${fallback}`)].join('\n')}\n`
