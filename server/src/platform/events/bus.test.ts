import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, type IdentityId } from '../ids.ts'
import { createLog } from '../log.ts'
import { createBus, PRIORITY } from './bus.ts'
import type { CommittedEvent } from './event.ts'

const event = (name: string, identityId: IdentityId | null = null): CommittedEvent =>
  ({ id: newId(), seq: 1, identityId, userId: null, name, channels: [], data: {}, at: new Date(0) })

const silent = () => createLog('silent')

test('the higher priority hears first, equal ones in the order in which they subscribed', () => {
  const bus = createBus(silent())
  const heard: string[] = []
  for (const name of ['low', 'normal', 'highest', 'lowest', 'high'] as const) bus.on('*', () => { heard.push(name) }, { priority: PRIORITY[name] })
  bus.on('*', () => { heard.push('normal again') })

  bus.publish(event('note.created'))

  assert.deepEqual(heard, ['highest', 'high', 'normal', 'normal again', 'low', 'lowest'])
})

test('a subscription can ask for one identity, for one event, and can end', () => {
  const bus = createBus(silent())
  const [mine, other] = [newId<IdentityId>(), newId<IdentityId>()]
  const heard: string[] = []
  bus.on('note.*', () => { heard.push('mine') }, { identityId: mine })
  bus.on('note.*', () => { heard.push('once') }, { once: true })
  const end = bus.on('note.*', () => { heard.push('ended') })
  end()

  bus.publish(event('note.created', other))
  bus.publish(event('note.created', mine))
  bus.publish(event('task.created', mine))

  assert.deepEqual(heard, ['once', 'mine'])
})

test('one that ends another while an event is handed on keeps it from hearing that event', () => {
  const bus = createBus(silent())
  const heard: string[] = []
  const end = bus.on('*', () => { heard.push('late') })
  bus.on('*', () => { end() }, { priority: PRIORITY.high })

  bus.publish(event('note.created'))

  assert.deepEqual(heard, [])
})

test('a reaction that throws or rejects is logged by its kind and stops nobody else', async () => {
  const lines: string[] = []
  const bus = createBus(createLog('error', { write: (line: string) => { lines.push(line) } }))
  const heard: string[] = []
  bus.on('*', () => { throw new TypeError('of Ada Lovelace') })
  bus.on('*', async () => { throw new RangeError('of Ada Lovelace') })
  bus.on('*', () => { heard.push('after') })

  bus.publish(event('note.created'))
  await new Promise(setImmediate)

  assert.deepEqual(heard, ['after'])
  assert.equal(lines.length, 2)
  assert.doesNotMatch(lines.join(''), /Ada/)
})
