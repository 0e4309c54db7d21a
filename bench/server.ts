// The process under measurement: CHE·NU and the bare route over one pool. Started by bench.ts.
import { createApp } from '../server/src/app.ts'
import { createLog } from '../server/src/platform/log.ts'
import { readSecrets } from '../server/src/platform/secrets.ts'
import { readSettings } from '../server/src/platform/settings.ts'
import { createBare } from './bare.ts'

const settings = readSettings(process.env)
const app = await createApp({ settings, secrets: await readSecrets(settings), serverUrl: process.env.BENCH_SERVER_URL ?? '', log: createLog('error') })
const bare = createBare(app.platform.store.pool)
const url = await app.listen()
const bareUrl = await bare.listen({ host: '127.0.0.1', port: 0 })

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuMs: (user + system) / 1_000, rssMiB: process.memoryUsage().rss / 1_048_576 })
})
process.on('disconnect', () => { process.exit(0) })
process.send?.({ url, bareUrl })
