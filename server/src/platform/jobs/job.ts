/** What a job is told: ids and counts only. It lies in the queue's tables, outside row-level security (invariant 8). */
export type JobData = Record<string, string | number | boolean | null>

/** Background work: run when it is enqueued, and by the clock when it has a `cron` (five fields, UTC). Safe to run twice and on any node. */
export type Job = {
  /** `noun.verb`, such as `checkpoints.expire`. */
  name: string
  cron?: string
  /** Works in small steps and looks at `signal` between them: it is aborted when the server stops or the job's time is over. */
  run(data: JobData, signal: AbortSignal): Promise<unknown>
}
