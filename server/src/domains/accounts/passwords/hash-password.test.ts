import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hash } from '@node-rs/argon2'
import { isProblem } from '../../../platform/errors.ts'
import { createPasswords } from './hash-password.ts'

const passwords = createPasswords()

test('AUTH-07: argon2id with 19 MiB, two passes, one lane and a salt of its own', async () => {
  const [one, two] = await Promise.all([passwords.hash('Correct horse 42!'), passwords.hash('Correct horse 42!')])

  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  assert.notEqual(one, two)
  assert.equal(await passwords.matches(one, 'Correct horse 42!'), true)
})

test('AUTH-07: a hash of lower costs is outdated, one of today’s is not', async () => {
  assert.equal(passwords.isOutdated(await hash('x', { memoryCost: 8_192, timeCost: 2, parallelism: 1 })), true)
  assert.equal(passwords.isOutdated(await hash('x', { memoryCost: 19_456, timeCost: 1, parallelism: 1 })), true)
  assert.equal(passwords.isOutdated(await passwords.hash('x')), false)
})

test('AUTH-05: the whole password counts: behind 72 bytes, blanks around it, its case', async () => {
  const password = `${'a'.repeat(72)}end of it`
  const stored = await passwords.hash(password)

  assert.equal(await passwords.matches(stored, password), true)
  for (const other of [`${'a'.repeat(72)}another`, 'a'.repeat(72), ` ${password}`, `${password} `, password.toUpperCase()]) assert.equal(await passwords.matches(stored, other), false)
})

test('AUTH-09: without an account a hash is made all the same', async () => {
  const stored = await passwords.hash('Correct horse 42!')
  const known: number[] = []
  const unknown: number[] = []
  for (let round = 0; round < 15; round += 1) {
    known.push(await timeOf(() => passwords.matches(stored, 'Wrong horse 42!')))
    unknown.push(await timeOf(() => passwords.matches(undefined, 'Wrong horse 42!')))
  }

  // Without the dummy the ratio is below 0.01; a loaded machine does not bring one of these near another.
  const ratio = medianOf(unknown) / medianOf(known)
  assert.ok(ratio > 0.3 && ratio < 3, `ratio ${ratio}`)
})

test('AUTH-25: at most 100 wait for their hash; the next are told to come back', async () => {
  let started = 0
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => { open = resolve })
  const work = async (): Promise<void> => { started += 1; await gate }

  const all = Array.from({ length: 130 }, () => passwords.inTurn(work))
  const settled = Promise.allSettled(all)
  await new Promise(setImmediate)
  assert.equal(started, 2)
  open()
  const refused = (await settled).filter((result) => result.status === 'rejected')

  assert.equal(refused.length, 28)
  for (const { reason } of refused) assert.ok(isProblem(reason) && reason.status === 503 && reason.headers['retry-after'])
  assert.equal(started, 102)
})

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const medianOf = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
