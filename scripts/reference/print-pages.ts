import { problemKinds } from '../../server/src/platform/errors.ts'
import { eventKinds } from '../../server/src/platform/events/emit.ts'
import { SettingsSchema } from '../../server/src/platform/settings.ts'
import { createBareApp } from '../../server/src/testing/bare-app.ts'
import { actionsPage } from './actions.ts'
import { errorsPage } from './errors.ts'
import { eventsPage } from './events.ts'
import { hardeningPage } from './hardening.ts'
import { routesPage } from './routes.ts'
import { envExample, listSettings, settingsPage } from './settings.ts'

/** Every printed file by its path, as the code says it now. */
export async function printPages(): Promise<Map<string, string>> {
  const app = await createBareApp()
  try {
    const settings = listSettings(SettingsSchema)
    return new Map([
      ['docs/reference/errors.md', errorsPage(problemKinds())],
      ['docs/reference/events.md', eventsPage(eventKinds())],
      ['docs/reference/actions.md', actionsPage(app.gate.actions)],
      ['docs/reference/routes.md', routesPage(app.routes)],
      ['docs/reference/settings.md', settingsPage(settings)],
      ['docs/reference/hardening.md', hardeningPage()],
      ['.env.example', envExample(settings)],
    ])
  } finally {
    await app.close()
  }
}
