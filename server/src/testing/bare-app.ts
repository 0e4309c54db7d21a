import { createApp, type App } from '../app.ts'
import { createLog } from '../platform/log.ts'
import { fixedSeal } from '../platform/seal.ts'
import { readSettings } from '../platform/settings.ts'

/** The product as it is built, without a database behind it: enough to read what it declares, not to serve. */
export const createBareApp = (): Promise<App> => createApp({
  settings: readSettings({}), log: createLog('silent'), serverUrl: 'postgres://nobody@127.0.0.1:1/nothing',
  secrets: { jwt: Buffer.alloc(32, 1), auditSigning: Buffer.alloc(32, 3), previous: null, seal: fixedSeal('nothing is sealed by this'), operator: fixedSeal('nothing is operated by this'), derive: () => Buffer.alloc(32, 2) },
})
