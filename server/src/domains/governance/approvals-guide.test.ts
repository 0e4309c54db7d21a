import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runGuide } from '../../testing/guide.ts'
import { startMailServer } from '../../testing/mail-server.ts'
import { startWorld } from '../../testing/world.ts'

test('the guide to approvals says what happens', async (t) => {
  const mail = await startMailServer()
  t.after(() => mail.close())
  const world = await startWorld({ settings: { SMTP_URL: mail.url } })
  t.after(() => world.close())

  const ran = await runGuide('approvals.md', await world.person(), {
    'the line to the mail server breaks from here on': () => { mail.mood.text = 'cut' },
    'the mail was tried': () => world.app.outbox.sweep(),
  })

  assert.ok(ran > 10, `${ran} examples`)
})
