import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLoopback, readSettings, SettingsSchema } from './settings.ts'
import { StartupError } from './startup-error.ts'

const PLANTED = 'pl4nted-value'

const refusal = (env: Record<string, string>): string => {
  try {
    readSettings(env)
  } catch (error) {
    assert.ok(error instanceof StartupError, String(error))
    return error.message
  }
  assert.fail(`it took ${JSON.stringify(env)}`)
}

test('everything is optional: without any setting there is a whole set', () => {
  const settings = readSettings({})

  assert.deepEqual([settings.HOST, settings.PORT, settings.RATE_LIMIT, settings.DOCS, settings.DATABASE_URL, settings.CORS_ORIGINS], ['127.0.0.1', 8000, 'on', 'on', undefined, []])
})

test('an empty setting is one that is not set, and lists may have blanks', () => {
  const settings = readSettings({ PORT: '', DATABASE_URL: ' ', CORS_ORIGINS: ' https://a.example , https://b.example ,', PUBLIC_HOSTS: '' })

  assert.deepEqual([settings.PORT, settings.DATABASE_URL, settings.CORS_ORIGINS, settings.PUBLIC_HOSTS], [8000, undefined, ['https://a.example', 'https://b.example'], []])
})

test('SEC-01: a wrong setting is one sentence that names it and never says its value', () => {
  const numbers = ['PORT', 'DATABASE_POOL', 'TRUST_PROXY', 'CHECKPOINT_MINUTES', 'NOVA_MAX_STEPS', 'NOVA_MAX_TOKENS', 'NOVA_TIMEOUT_SECONDS']
  const choices = ['LOG_LEVEL', 'RATE_LIMIT', 'DOCS']
  for (const name of [...numbers, ...choices]) {
    const message = refusal({ [name]: PLANTED })
    assert.match(message, new RegExp(`^The setting ${name} is not valid: [^\\n]+\\.$`))
    assert.doesNotMatch(message, /pl4nted/)
  }
  for (const [name, value] of [['PORT', '70000'], ['PORT', '-1'], ['PORT', '80.5'], ['DATABASE_POOL', '1'], ['TRUST_PROXY', '9'], ['CHECKPOINT_MINUTES', '0']] as const) assert.match(refusal({ [name]: value }), new RegExp(name))
})

test('what would open a hole is refused', () => {
  assert.match(refusal({ CORS_ORIGINS: 'https://a.example,*' }), /^CORS_ORIGINS must list origins/)
  for (const HOST of ['0.0.0.0', '::', '192.168.1.7', 'chenu.example']) assert.match(refusal({ HOST, RATE_LIMIT: 'off' }), /^RATE_LIMIT=off is allowed only/)
  for (const HOST of ['127.0.0.1', 'localhost', '::1']) assert.equal(readSettings({ HOST, RATE_LIMIT: 'off' }).RATE_LIMIT, 'off')
  for (const base of ['http://example.org', 'ftp://127.0.0.1', PLANTED, 'http://127.0.0.1.example.org', 'file:///etc/passwd']) {
    const message = refusal({ ANTHROPIC_BASE_URL: base })
    assert.match(message, /^ANTHROPIC_BASE_URL must be an https address/)
    assert.doesNotMatch(message, /pl4nted/)
  }
  for (const base of ['https://api.example.org', 'http://127.0.0.1:9', 'http://localhost:9/v1', 'http://[::1]:9']) readSettings({ ANTHROPIC_BASE_URL: base })
})

test('SEC-14: a start that would not check certificates is refused', () => {
  assert.match(refusal({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }), /^NODE_TLS_REJECT_UNAUTHORIZED=0 /)
  readSettings({ NODE_TLS_REJECT_UNAUTHORIZED: '1' })
})

test('every setting says what it is for', () => {
  for (const [name, schema] of Object.entries(SettingsSchema.shape)) assert.match(schema.description ?? '', /^.{10,}\.$/, name)
})

test('loopback is this machine alone', () => {
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]']) assert.equal(isLoopback(host), true, host)
  for (const host of ['0.0.0.0', '::', '127.0.0.1.example.org', 'localhost.example.org', '10.0.0.1', '']) assert.equal(isLoopback(host), false, host)
})
