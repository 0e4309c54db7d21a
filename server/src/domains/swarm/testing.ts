import assert from 'node:assert/strict'
import type { World } from '../../testing/world.ts'

/** A Sceau session, touched for long enough on the world's clock. */
export async function touchSceau(world: World): Promise<string> {
  const { body } = await world.anyone.post('/api/v1/sceau/begin')
  world.clock.advance(2_000)
  const activated = await world.anyone.post('/api/v1/sceau/activate', { attempt: body.attempt })
  assert.equal(activated.status, 200)
  return activated.body.session_id
}
