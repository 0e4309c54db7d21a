import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { actionsOf, holdDeletion, isBinned, seatPeople } from '../deciders/testing.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const AT = '/api/v2/governance/checkpoints'

type Move = { name: 'approve' | 'reject' | 'cancel' | 'expire'; by: 'requester' | 'first' | 'second' }

const MOVES: Move[] = [
  ...(['requester', 'first', 'second'] as const).flatMap((by): Move[] => [{ name: 'approve', by }, { name: 'reject', by }, { name: 'cancel', by }]), { name: 'expire', by: 'requester' },
]

/** What should come of a move: the state after it, and the status of its answer. */
type Model = { status: 'pending' | 'approved' | 'rejected' | 'cancelled' | 'expired'; yes: Set<string> }

function expected(model: Model, { name, by }: Move): { answer: number | null; next: Model } {
  const stays = (answer: number | null) => ({ answer, next: model })
  if (name === 'expire') return { answer: null, next: model.status === 'pending' ? { ...model, status: 'expired' } : model }
  if (name === 'cancel' && by === 'requester') return model.status === 'pending' ? { answer: 200, next: { ...model, status: 'cancelled' } } : stays(model.status === 'expired' ? 410 : 409)
  if (model.status === 'expired') return stays(410)
  if (model.status !== 'pending') return stays(409)
  if (by === 'requester' || name === 'cancel') return stays(403)
  if (model.yes.has(by)) return stays(409)
  if (name === 'reject') return { answer: 200, next: { ...model, status: 'rejected' } }
  const yes = new Set([...model.yes, by])
  return { answer: 200, next: { status: yes.size === 2 ? 'approved' : 'pending', yes } }
}

test('CHK-15: from every state every move does what is documented and nothing else; the effect happens exactly with the second yes', async () => {
  const [ada, bob, eve] = await Promise.all([world.person(), world.person(), world.person()])
  seatPeople([world], ada, { admin: [bob.user.id, eve.user.id] })
  const who: Record<Move['by'], Person> = { requester: ada, first: bob, second: eve }
  const make = async ({ name, by }: Move, id: string): Promise<number | null> => {
    if (name === 'expire') {
      await world.owner.query(`update checkpoints set expires_at = created_at where id = $1 and status = 'pending'`, [id])
      await ada.post(`${AT}/cleanup/expired`)
      return null
    }
    const path = `${AT}/${id}`
    return (await (name === 'cancel' ? who[by].del(path) : who[by].post(`${path}/${name}`, name === 'reject' ? { reason: 'x' } : {}))).status
  }

  await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...MOVES), { minLength: 1, maxLength: 8 }), async (moves) => {
    const before = await actionsOf(world, ada, 'notes.delete')
    const { id, note } = await holdDeletion(ada, { role: 'admin', quorum: 2 })
    let model: Model = { status: 'pending', yes: new Set() }
    for (const move of moves) {
      const { answer, next } = expected(model, move)
      assert.equal(await make(move, id), answer, `${move.name} by ${move.by} while ${model.status}`)
      model = next
    }
    const { body } = await ada.get(`${AT}/${id}`)
    assert.deepEqual([body.status, body.approvals.given], [model.status, model.yes.size])
    assert.equal(await isBinned(ada, note), model.status === 'approved')
    assert.equal(await actionsOf(world, ada, 'notes.delete') - before, model.status === 'approved' ? 1 : 0)
  }), { numRuns: Number(process.env.MOVES_RUNS ?? 40) })
})

test('an own checkpoint: every move after its end is refused, and none changes it', async () => {
  const ada = await world.person()
  for (const end of ['approve', 'reject', 'cancel', 'expire'] as const) {
    const { id, note } = await holdDeletion(ada)
    if (end === 'expire') await world.owner.query('update checkpoints set expires_at = created_at where id = $1', [id])
    const act = (name: string): Promise<{ status: number }> => (name === 'cancel' ? ada.del(`${AT}/${id}`) : ada.post(`${AT}/${id}/${name}`, name === 'reject' ? { reason: 'x' } : {}))
    if (end !== 'expire') assert.equal((await act(end)).status, 200)
    const { body: ended } = await ada.get(`${AT}/${id}`)

    for (const next of ['approve', 'reject', 'cancel']) assert.equal((await act(next)).status, end === 'expire' ? 410 : 409, `${next} after ${end}`)

    assert.deepEqual((await ada.get(`${AT}/${id}`)).body, ended)
    assert.equal(await isBinned(ada, note), end === 'approve')
  }
})
