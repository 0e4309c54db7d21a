import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor } from '../../../platform/ctx.ts'
import { ensureNotStopped } from './ensure-not-stopped.ts'
import type { Pause, Stops } from './queries.ts'

const stop = { by: 'operator', reason: 'drill', since: '2026-01-02T03:04:05+00:00' }
const stops = (given: Partial<Stops>): Stops => ({ state: 'operational', held: null, dispersal: null, is_dispersed: false, pauses: null, ...given })
const pause = (given: Partial<Pause>): Pause => ({ ...stop, id: 'p', scope: 'identity', target: 'i', is_home: false, ...given })

const [person, nova, agent] = [{ kind: 'person', id: 'u' }, { kind: 'nova', id: 'nova' }, { kind: 'agent', id: 'P001' }] as const satisfies Actor[]

const CASES: Array<[string, Stops, { actor: Actor; begun: boolean; spheres?: Array<number | null> }, string]> = [
  ['nothing stands', stops({}), { actor: nova, begun: false }, 'passes'],
  ['a hold keeps new work', stops({ held: stop }), { actor: nova, begun: false }, 'held'],
  ['a hold lets what has begun end', stops({ held: stop }), { actor: nova, begun: true }, 'passes'],
  ['a hold leaves people alone', stops({ held: stop }), { actor: person, begun: false }, 'passes'],
  ['a dispersed agent does nothing, not even what it had begun', stops({ is_dispersed: true, dispersal: { ...stop, level: 'partial' } }), { actor: agent, begun: true }, 'dispersed'],
  ['a dispersed agent without a dispersal does nothing either', stops({ is_dispersed: true }), { actor: agent, begun: true }, 'dispersed'],
  ['a partial dispersal leaves the others', stops({ dispersal: { ...stop, level: 'partial' } }), { actor: agent, begun: false }, 'passes'],
  ['a total dispersal keeps Nova from beginning', stops({ dispersal: { ...stop, level: 'total' } }), { actor: nova, begun: false }, 'dispersed'],
  ['a total dispersal lets a run of Nova end', stops({ dispersal: { ...stop, level: 'total' } }), { actor: nova, begun: true }, 'passes'],
  ['a total dispersal stops every agent', stops({ dispersal: { ...stop, level: 'total' } }), { actor: agent, begun: true }, 'dispersed'],
  ['a pause stops what had begun too', stops({ pauses: [pause({})] }), { actor: nova, begun: true }, 'paused'],
  ['a pause leaves people alone', stops({ pauses: [pause({})] }), { actor: person, begun: false }, 'passes'],
  ['a paused sphere stops work in it', stops({ pauses: [pause({ scope: 'sphere', target: '2' })] }), { actor: nova, begun: true, spheres: [null, 2] }, 'paused'],
  ['a paused sphere leaves work elsewhere', stops({ pauses: [pause({ scope: 'sphere', target: '2' })] }), { actor: nova, begun: true, spheres: [1, null] }, 'passes'],
  ['a paused sphere stops the agents that belong to it', stops({ pauses: [pause({ scope: 'sphere', target: '2', is_home: true })] }), { actor: agent, begun: true, spheres: [1] }, 'paused'],
]

for (const [name, standing, { spheres = [], ...work }, expected] of CASES) {
  test(name, () => {
    const run = (): string => {
      try {
        ensureNotStopped(standing, { ...work, spheres })
        return 'passes'
      } catch (error) {
        return (error as { code: string }).code
      }
    }

    assert.equal(run(), expected)
  })
}

test('a stop says who, as a role, why and since when', () => {
  assert.throws(() => { ensureNotStopped(stops({ held: stop }), { actor: nova, begun: false, spheres: [] }) }, (error: { facts: unknown }) => {
    assert.deepEqual(error.facts, { who: 'operator', reason: 'drill', since: '2026-01-02T03:04:05.000Z' })
    return true
  })
})
