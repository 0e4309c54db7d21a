import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { startWorld, type World } from '../../../testing/world.ts'
import { swarmJobs } from '../jobs.ts'

const BEGIN = '/api/v1/sceau/begin'
const ACTIVATE = '/api/v1/sceau/activate'
const STATUS = '/api/v1/swarm/status'

suite('the Sceau', () => {
  let world: World

  before(async () => { world = await startWorld() })
  after(() => world.close())

  const begin = async (): Promise<string> => (await world.anyone.post(BEGIN)).body.attempt
  const touch = async (): Promise<string> => {
    const attempt = await begin()
    world.clock.advance(2_000)
    return (await world.anyone.post(ACTIVATE, { attempt })).body.session_id
  }
  const status = (session: string): Promise<number> => world.anyone.get(STATUS, { 'x-sceau-session': session }).then((answer) => answer.status)

  test('a touch of two seconds by the server’s clock gives an anonymous session for an hour', async () => {
    const attempt = await begin()
    world.clock.advance(2_345)

    const { status: code, body } = await world.anyone.post(ACTIVATE, { attempt, duration_ms: 9_999, frequency_reached: 999 })

    assert.equal(code, 200)
    assert.equal(body.success, true)
    assert.equal(body.frequency, 999)
    assert.ok(body.duration_ms >= 2_345 && body.duration_ms < 9_999)
    assert.ok(Math.abs(Date.parse(body.expires_at) - world.clock.now().getTime() - 3_600_000) < 60_000)
    assert.equal(await status(body.session_id), 200)
  })

  test('what the body says of the duration is not believed, and a short touch begins anew', async () => {
    const attempt = await begin()

    const short = await world.anyone.post(ACTIVATE, { attempt, duration_ms: 60_000 })
    world.clock.advance(10_000)
    const again = await world.anyone.post(ACTIVATE, { attempt })

    assert.equal(short.status, 409)
    assert.equal(short.body.code, 'sceau_too_short')
    assert.equal(short.body.needed_ms, 2_000)
    assert.equal(again.status, 404)
  })

  test('a clock that goes back makes no touch longer', async () => {
    const attempt = await begin()
    world.clock.advance(-3_600_000)

    assert.equal((await world.anyone.post(ACTIVATE, { attempt })).body.code, 'sceau_too_short')
    world.clock.advance(3_600_000)
  })

  test('of 50 calls that end one touch at once, one gets the session', async () => {
    const attempt = await begin()
    world.clock.advance(2_000)

    const answers = await Promise.all(Array.from({ length: 50 }, () => world.anyone.post(ACTIVATE, { attempt })))

    assert.deepEqual(answers.map((answer) => answer.status).filter((code) => code === 200), [200])
    assert.ok(answers.every((answer) => answer.status === 200 || answer.status === 409))
  })

  test('a touch that nobody ends is over after five minutes', async () => {
    const attempt = await begin()
    world.clock.advance(5 * 60_000)

    assert.equal((await world.anyone.post(ACTIVATE, { attempt })).status, 410)
  })

  test('without a session, with a made-up, doubled or old one, the swarm is 401', async () => {
    const session = await touch()

    assert.equal((await world.anyone.get(STATUS)).status, 401)
    assert.equal((await world.anyone.post('/api/v1/swarm/activate')).status, 401)
    for (const given of ['', 'x', 'A'.repeat(43), `${session} `.repeat(1) + 'x', `${session}, ${session}`]) assert.equal(await status(given), 401, given)
    const french = await world.anyone.get(STATUS, { 'accept-language': 'fr' })
    assert.equal(french.body.title, 'Session du Sceau requise')
    assert.equal(french.body.code, 'sceau_required')
    assert.equal(await status(session), 200)
    world.clock.advance(3_600_000)
    assert.equal(await status(session), 401)
  })

  test('a row says nothing of who touched, and holds no secret', async () => {
    const attempt = await begin()
    world.clock.advance(2_000)
    const { body } = await world.anyone.post(ACTIVATE, { attempt })

    const { rows } = await world.owner.query('select * from sceau_sessions')

    assert.deepEqual(Object.keys(rows[0] as object).toSorted(), ['attempt_hash', 'began_at', 'duration_ms', 'expires_at', 'frequency', 'session_hash', 'swarm_activated_at', 'validated_at'])
    assert.ok(!JSON.stringify(rows).includes(attempt) && !JSON.stringify(rows).includes(body.session_id))
  })

  test('what is over is forgotten', async () => {
    await touch()
    world.clock.advance(3_600_001)
    const [job] = swarmJobs(world.platform)

    await job?.run({}, new AbortController().signal)

    const { rows } = await world.owner.query('select 1 from sceau_sessions where expires_at <= $1', [world.clock.now()])
    assert.deepEqual(rows, [])
  })
})
