import { hashAction } from '../server/src/domains/governance/action-hash.ts'
import { decide } from '../server/src/domains/policies/decide.ts'

/** The gate without the database: one decision and one action hash, over and over in this process. */
export function benchGateOnly(): void {
  const action = { tool: 'notes.delete', toolVersion: 1, args: { note_id: '0190b4e0-0000-7000-8000-000000000001' }, actor: { kind: 'nova', id: 'nova' } as const, identityId: '0190b4e0-0000-7000-8000-000000000002', sphereId: 1, resources: [{ type: 'note', id: '0190b4e0-0000-7000-8000-000000000001', version: 3 }] }
  const until = performance.now() + 1_000
  let decisions = 0
  while (performance.now() < until) {
    for (let index = 0; index < 100; index += 1) {
      if (decide({ actor: 'nova', via: 'nova', effect: 'DELETE', leavesSphere: false }).verdict !== 'hold' || hashAction(action).hash.length !== 64) throw new Error('The gate decided wrongly')
    }
    decisions += 100
  }
  console.log(`gate only: ${decisions.toLocaleString('en')} decisions with their action hash a second`)
}
