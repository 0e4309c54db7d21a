import { fromKysely, PgBoss } from 'pg-boss'
import type { Tx } from '../db/store.ts'
import { describeError, type Log } from '../log.ts'
import { StartupError } from '../startup-error.ts'
import type { Job, JobData } from './job.ts'
import { queueOptions } from './queue-options.ts'

export type Jobs = {
  /** Makes the queues and schedules of these jobs and begins to work. Schedules of jobs that are no more are dropped. */
  start(jobs: Job[]): Promise<void>
  /** Takes no new job, tells those that run, and gives them 8 s to end; what did not end runs again elsewhere. */
  stop(): Promise<void>
  /** Puts a job into the queue in the caller's transaction: it exists if and only if that commits. */
  enqueue(tx: Tx, name: string, data: JobData, options?: { after?: Date }): Promise<void>
}

// Workers are woken by NOTIFY over one connection of their own; the poll is only what catches a missed one.
const POOL_CONNECTIONS = 2
const POLL_SECONDS = 60
const POLL_WITHOUT_NOTIFY_SECONDS = 5
const STOP_LIMIT_MS = 8_000

/** How every queue is kept: a job may take 5 minutes, is tried four times, and its row stays an hour. */
const QUEUE = { notify: true, retryLimit: 3, retryDelay: 5, retryBackoff: true, expireInSeconds: 300, deleteAfterSeconds: 3_600 }

/** The one user of the queue library. `url`: the database under the server's own role. */
export function createJobs({ url, log }: { url: string; log: Log }): Jobs {
  const stopping = new AbortController()
  const boss = new PgBoss({
    ...queueOptions, connectionString: url, max: POOL_CONNECTIONS, connectionTimeoutMillis: 3_000, application_name: 'chenu-jobs',
    options: '-c statement_timeout=30000 -c lock_timeout=5000', migrate: false, createSchema: false, useListenNotify: true,
  })
  boss.on('error', (error) => { log.warn({ error }, 'the job queue had a fault') })
  boss.on('warning', ({ message }) => { log.warn({ warning: message.slice(0, 80) }, 'the job queue warns') })
  return {
    async start(jobs) {
      await boss.start().catch((error: unknown) => { throw isMissing(error) ? new StartupError('The job queue is not installed; run `npm run migrate -- up`.') : error })
      for (const job of jobs) await open(boss, job, { log, stopping: stopping.signal })
      await dropOldSchedules(boss, jobs)
    },
    async stop() {
      stopping.abort()
      await boss.stop({ graceful: true, timeout: STOP_LIMIT_MS })
    },
    async enqueue(tx, name, data, { after } = {}) {
      await boss.send(name, data, { db: fromKysely(tx.db), ...(after ? { startAfter: after } : {}) })
    },
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && /pg-boss (is not installed|database requires)/.test(error.message)

async function open(boss: PgBoss, job: Job, { log, stopping }: { log: Log; stopping: AbortSignal }): Promise<void> {
  // `short`: a second waiting job adds nothing to a sweep, which does all the work there is.
  await boss.createQueue(job.name, { ...QUEUE, policy: job.cron ? 'short' : 'standard' })
  await boss.updateQueue(job.name, QUEUE)
  if (job.cron) await boss.schedule(job.name, job.cron, {}, { tz: 'UTC' })
  await boss.work<JobData>(job.name, { pollingIntervalSeconds: POLL_WITHOUT_NOTIFY_SECONDS, notifyPollingIntervalSeconds: POLL_SECONDS }, async (batch) => {
    for (const { data, signal } of batch) await runJob(job, data, { log, signal: AbortSignal.any([signal, stopping]) })
  })
}

/** The queue keeps what a job throws, and an error's message may quote a person's data: only its kind goes there. */
async function runJob(job: Job, data: JobData, { log, signal }: { log: Log; signal: AbortSignal }): Promise<void> {
  try {
    await job.run(data, signal)
  } catch (error) {
    log.error({ job: job.name, error }, 'a job failed')
    throw new JobFailed(job.name, String(describeError(error).code ?? 'unknown'))
  }
}

class JobFailed extends Error {
  override name = 'JobFailed'
  constructor(job: string, code: string) { super(`${job}: ${code}`) }
}

async function dropOldSchedules(boss: PgBoss, jobs: Job[]): Promise<void> {
  const scheduled = new Set(jobs.filter((job) => job.cron !== undefined).map((job) => job.name))
  for (const { name } of await boss.getSchedules()) if (!scheduled.has(name)) await boss.unschedule(name)
}
