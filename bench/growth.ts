import { createClient } from './load.ts'
import type { Bench } from './people.ts'
import { runGoverned } from './create.ts'

/** Runs stay as fast, and a page of the audit as quick, from 10³ to 10⁶ audit events of one identity; and how fast a chain verifies. */
export async function benchGrowth(bench: Bench): Promise<void> {
  const [one] = bench.people
  if (!one) return
  const single: Bench = { ...bench, people: [one] }
  for (const target of bench.millions ? [1_000, 10_000, 100_000, 1_000_000] : [1_000, 10_000]) {
    await grow(bench, one, target)
    const figures = await runGoverned(single, 16)
    const page = await timeGet(bench, one.token, '/api/v2/governance/audit?limit=25')
    const verify = await timeGet(bench, one.token, '/api/v2/governance/audit/verify')
    const rare = await timeGet(bench, one.token, '/api/v2/governance/audit?limit=25&outcome=failed')
    const events = Number(verify.body.events)
    const appends = await timeAppends(bench, one, figures.perSecond)
    console.log(`${events.toLocaleString('en').padStart(10)} audit events: ${figures.perSecond.toFixed(0)} runs/s, p95 ${figures.p95.toFixed(1)} ms; a page ${page.ms.toFixed(1)} ms, of a rare outcome ${rare.ms.toFixed(1)} ms; ${appends}; verified ${verify.body.valid ? 'valid' : 'INVALID'} at ${(events / verify.ms * 1_000).toFixed(0)} events/s, ${(events / verify.ms * 1_000 / figures.perSecond).toFixed(0)} × the runs`)
  }
}

/** Fills the identity's chain through audit_append, the only way there is. */
async function grow(bench: Bench, { identityId, userId }: { identityId: string; userId: string }, target: number): Promise<void> {
  const client = await bench.owner.pool.connect()
  try {
    await client.query(`select set_config('app.identity_id', $1, false)`, [identityId])
    await client.query(`do $$
      declare have bigint; event_id uuid; now_text text;
      begin
        select seq into have from audit_heads where identity_id = '${identityId}';
        now_text := to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
        for n in have + 1 .. ${target} loop
          event_id := gen_random_uuid();
          perform audit_append('${identityId}', event_id, '{"action":"bench.filled","action_hash":null,"actor":{"id":"bench","kind":"system"},"at":"' || now_text || '","checkpoint_id":null,"decision":null,"details":{},"effect":null,"id":"' || event_id || '","identity_id":"${identityId}","outcome":"done","request_id":"bench","resource":null,"run_id":null,"user_id":"${userId}","via":"system"}', now_text::timestamptz, 'bench.filled', null, null, 'bench', 'done', null);
        end loop;
      end $$`)
  } finally {
    client.release()
  }
}

const APPENDS = 2_000

/** Appends alone, in one transaction of the database: what the chain itself costs beside a run. */
async function timeAppends(bench: Bench, { identityId, userId }: { identityId: string; userId: string }, runsPerSecond: number): Promise<string> {
  const { rows: [head] } = await bench.owner.pool.query('select seq from audit_heads where identity_id = $1', [identityId])
  const started = performance.now()
  await grow(bench, { identityId, userId } as Bench['people'][number], Number(head.seq) + APPENDS)
  const perSecond = APPENDS / (performance.now() - started) * 1_000
  return `appended at ${perSecond.toFixed(0)} events/s, ${(perSecond / runsPerSecond).toFixed(0)} × the runs`
}

async function timeGet(bench: Bench, token: string, path: string): Promise<{ ms: number; body: Record<string, unknown> }> {
  const client = createClient(bench.url, 1)
  await client.call({ method: 'GET', path: '/health' })
  const started = performance.now()
  const { status, body } = await client.call({ method: 'GET', path, token })
  const ms = performance.now() - started
  client.close()
  if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
  return { ms, body }
}
