import { hashAction } from '../server/src/domains/governance/action-hash.ts'
import { createEngine } from '../server/src/domains/policies/engine/engine.ts'
import { plainQuestion, shippedSet } from '../server/src/domains/policies/default-decision.ts'
import type { LoadedPolicy, PolicySet } from '../server/src/domains/policies/engine/slots.ts'
import { deleteNote } from '../server/src/domains/notes/delete-note.ts'
import type { AnyAction } from '../server/src/platform/action.ts'

const POLICIES = 50
const SECONDS = 1

/** The gate without the database: decisions by Cedar over 50 policies, beside the action hash alone, in this process. */
export function benchGateOnly(): void {
  const bound = { tool: 'notes.delete', toolVersion: 1, args: { note_id: '0190b4e0-0000-7000-8000-000000000001' }, actor: { kind: 'nova', id: 'nova' } as const, identityId: '0190b4e0-0000-7000-8000-000000000002', sphereId: 1, resources: [{ type: 'note', id: '0190b4e0-0000-7000-8000-000000000001', version: 3 }] }
  const action = deleteNote as unknown as AnyAction
  const engine = createEngine(new Map([[action.name, action]]))
  const set = fiftyPolicies()
  const question = {
    ...plainQuestion(action, { actor: bound.actor, via: 'nova', at: new Date(0) }), identityId: bound.identityId, args: bound.args,
    resources: [{ type: 'note', id: bound.args.note_id, sphereId: 1, ownerId: bound.identityId }],
  }
  const hashes = timesOf(() => hashAction(bound).hash.length === 64)
  const decisions = timesOf(() => engine.decide(set, question).decision.verdict === 'hold')
  const show = (ms: number): string => ms.toFixed(3)
  console.log(`gate only: ${decisions.count.toLocaleString('en')} decisions a second with ${POLICIES} policies, p50 ${show(decisions.p50)} ms, p95 ${show(decisions.p95)} ms; an action hash alone p50 ${show(hashes.p50)} ms (a decision is ${(decisions.p50 / hashes.p50).toFixed(1)} of them)`)
}

/** The rules of the product, and as many of a person's own as make fifty. */
function fiftyPolicies(): PolicySet {
  const shipped = shippedSet()
  const own = Array.from({ length: POLICIES - shipped.policies.size }, (_, n): [string, LoadedPolicy] => [`own-${n}`, {
    effect: 'forbid', laws: [], requirement: null, text: `forbid (principal is Agent, action, resource) when { resource.type == "type-${n}" && context has amount && context.amount > ${n} };`,
  }])
  return { key: 'bench', stamp: '1', hasShadow: false, policies: new Map([...shipped.policies, ...own]) }
}

function timesOf(work: () => boolean): { count: number; p50: number; p95: number } {
  const times: number[] = []
  const until = performance.now() + SECONDS * 1_000
  for (let before = performance.now(); before < until;) {
    if (!work()) throw new Error('The gate decided wrongly')
    const now = performance.now()
    times.push(now - before)
    before = now
  }
  times.sort((a, b) => a - b)
  return { count: times.length / SECONDS, p50: times[Math.floor(times.length / 2)] ?? 0, p95: times[Math.floor(times.length * 0.95)] ?? 0 }
}
