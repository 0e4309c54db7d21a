import assert from 'node:assert/strict'
import { mock, suite, test } from 'node:test'
import fc from 'fast-check'
import type { Listener } from '../../../platform/live/stream.ts'
import type { Member } from '../fleet.ts'
import { changedMembers } from './delta.ts'
import { createPace } from './pace.ts'
import { binaryFrame, readBinaryFrame, STATUS_CODES } from './swarm-frame.ts'

const crew = (count: number): Member[] => Array.from({ length: count }, (_, n) => ({ id: `P${n}`, sphere: 'personal', x: 0.5, y: -0.25, z: 0, frequency: 500, status: 'active' }))

function viewer(fps: number) {
  const frames: Array<{ type: string; agents: Member[] }> = []
  const listener: Listener = { language: 'en', close: () => {}, send: (frame) => { frames.push(JSON.parse(String(frame))); return true } }
  return { frames, listener, fps, format: 'json' as const }
}

suite('the pace of the swarm', () => {
  test('however often the fleet changes, a viewer gets at most the frames it asked for, and the last state of each agent', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    let at = 1_000
    mock.method(performance, 'now', () => at)
    const members = crew(350)
    const pace = createPace({ now: () => new Date(0), members: () => members, frequency: () => 444 })
    const [slow, fast] = [viewer(15), viewer(60)]
    pace.join(slow)
    pace.join(fast)

    for (let ms = 0; ms < 1_000; ms += 1) {
      members[ms % 350] = { ...(members[ms % 350] as Member), frequency: ms }
      pace.changed([ms % 350])
      at += 1
      t.mock.timers.tick(1)
    }
    at += 100
    t.mock.timers.tick(100)

    assert.ok(slow.frames.length - 1 <= 16, `${slow.frames.length}`)
    assert.ok(fast.frames.length - 1 <= 61, `${fast.frames.length}`)
    for (const { frames } of [slow, fast]) {
      const known = new Map<string, number>()
      for (const { agents } of frames) for (const { id, frequency } of agents) known.set(id, frequency)
      assert.deepEqual(known, new Map(members.map(({ id, frequency }) => [id, frequency])))
    }
    mock.restoreAll()
  })

  test('where nothing changes nothing is sent', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const members = crew(3)
    const pace = createPace({ now: () => new Date(0), members: () => members, frequency: () => 444 })
    const one = viewer(60)
    pace.join(one)

    t.mock.timers.tick(10_000)

    assert.equal(one.frames.length, 1)
    assert.deepEqual(changedMembers(members, crew(3)), [])
  })

  test('a binary frame reads back as what was written', () => {
    const member = fc.record({ x: fc.float({ noNaN: true, min: -1, max: 1 }), y: fc.float({ noNaN: true, min: -1, max: 1 }), z: fc.float({ noNaN: true, min: -1, max: 1 }), frequency: fc.float({ noNaN: true, min: 432, max: 999 }), status: fc.constantFrom(...STATUS_CODES) })
    fc.assert(fc.property(fc.array(member, { minLength: 1, maxLength: 350 }), fc.nat(1_000_000), (given, seq) => {
      const members = given.map((one, n) => ({ id: `P${n}`, sphere: 'personal', ...one }))
      const read = readBinaryFrame(binaryFrame({ kind: 'swarm_update', seq, at: new Date(1_234_567), frequency: 444, indexes: members.map((_, n) => n), members }))

      assert.deepEqual(read, { kind: 'swarm_update', seq, at: new Date(1_234_567), frequency: 444, members: members.map(({ id: _id, sphere: _sphere, ...one }, index) => ({ index, ...one })) })
    }))
  })

  test('what is no frame of the swarm is refused', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(19), Buffer.from('00'.repeat(20), 'hex'), Buffer.from(`01000001${'00'.repeat(16)}`, 'hex')]) assert.throws(() => readBinaryFrame(bytes), RangeError)
  })
})
