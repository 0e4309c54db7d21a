import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { XMLParser } from 'fast-xml-parser'
import type { Answer, Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'

let world: World

before(async () => { world = await startWorld() })
after(() => world.close())

const anOrder = (over: Record<string, unknown> = {}): Record<string, unknown> => ({ beneficiary: 'Müller GmbH', amount_minor: 125_050, currency: 'EUR', reference: 'F 2026/12', ...over })

const ask = (person: Person, over: Record<string, unknown> = {}): Promise<Answer> => person.post('/api/v2/payments/orders', anOrder(over))
const approve = (person: Person, asked: Answer): Promise<Answer> => person.post(`/api/v2/governance/checkpoints/${asked.body.checkpoint?.id}/approve`, {})
const ordersOf = async (person: Person): Promise<Answer['body']> => (await person.get('/api/v2/payments/orders')).body.items

async function order(person: Person, over: Record<string, unknown> = {}): Promise<void> {
  const asked = await ask(person, over)
  assert.equal(asked.status, 423, JSON.stringify(asked.body))
  assert.equal((await approve(person, asked)).status, 200)
}

const plain = (text: string): string => text.replace(/\s/g, ' ')

test('CHK-01: a payment is held even for the person, and shows the amount in both languages', async () => {
  const ada = await world.person()

  const asked = await ask(ada)

  assert.deepEqual([asked.status, asked.body.checkpoint.type, asked.body.checkpoint.effect], [423, 'execution_approval', 'PAYMENT'])
  const { summary_text } = (await ada.get(`/api/v2/governance/checkpoints/${asked.body.checkpoint.id}`)).body
  assert.equal(plain(summary_text.en), 'Order the payment of EUR 1,250.50 to “Müller GmbH” (reference “F 2026/12”)')
  assert.equal(plain(summary_text.fr), 'Ordonner le paiement de 1 250,50 EUR à « Müller GmbH » (référence « F 2026/12 »)')
  assert.deepEqual(await ordersOf(ada), [])
})

test('an approved order is in the ledger, and says that no money moved', async () => {
  const ada = await world.person()
  const asked = await ask(ada, { currency: ' eur ' })
  const approved = await approve(ada, asked)

  const [row, ...more] = await ordersOf(ada)

  assert.deepEqual([approved.status, more.length], [200, 0])
  assert.deepEqual([row.beneficiary, row.amount_minor, row.amount, row.currency, row.reference, row.status], ['Müller GmbH', 125_050, '1250.50', 'EUR', 'F 2026/12', 'approved'])
  assert.match(row.note.en, /No money was moved/)
  assert.match(row.note.fr, /Aucun argent n’a été transféré/)
  assert.deepEqual([row.checkpoint_id, row.approved_by], [asked.body.checkpoint.id, ada.user.id])
  assert.deepEqual((await ada.get(`/api/v2/payments/orders/${row.id}`)).body, row)
})

test('CHK-05: of 50 approvals at once one writes the order', async () => {
  const ada = await world.person()
  const asked = await ask(ada)

  const answers = await Promise.all(Array.from({ length: 50 }, () => approve(ada, asked)))

  assert.deepEqual(answers.map(({ status }) => status).toSorted((a, b) => a - b), [200, ...Array.from({ length: 49 }, () => 409)])
  assert.equal((await ordersOf(ada)).length, 1)
})

test('a second order is a second approval', async () => {
  const ada = await world.person()

  await order(ada)
  await order(ada)

  const orders = await ordersOf(ada)
  assert.equal(new Set(orders.map((one: { checkpoint_id: string }) => one.checkpoint_id)).size, 2)
})

test('the ledger takes no order without an approval, none twice, and forgets none', async () => {
  const ada = await world.person()
  await order(ada)
  const action = world.app.gate.actions.get('payments.order')
  const { store, settings } = world.platform
  const scope = { identityId: ada.identity.id as never, userId: ada.user.id as never }

  await assert.rejects(store.within(scope, (tx) => {
    const effect = { ...tx, ...scope, actor: { kind: 'person', id: ada.user.id }, via: 'rest', sphereId: null, checkpointId: null, requestId: 'r', settings, now: () => new Date() } as const
    return action?.run(effect, anOrder() as never) ?? Promise.resolve()
  }), { name: 'AssertionError' })
  await assert.rejects(world.owner.query('insert into payment_orders select gen_random_uuid(), identity_id, beneficiary, amount_minor, currency, reference, checkpoint_id, status, approved_by, created_at from payment_orders'), { code: '23505' })
  for (const statement of ['update payment_orders set amount_minor = 1', 'delete from payment_orders', 'truncate payment_orders']) {
    await assert.rejects(store.pool.query(statement), { code: '42501' }, statement)
  }
  assert.equal((await ordersOf(ada)).length, 1)
})

test('INP-11: only whole minor units of an active currency', async () => {
  const ada = await world.person()
  const wrong = [{ amount_minor: 0 }, { amount_minor: -1 }, { amount_minor: 1.5 }, { amount_minor: 10 ** 15 + 1 }, { amount_minor: '100' }, { currency: 'XXX' }, { currency: 'BTC' }, { currency: 'EURO' }, { beneficiary: ' ' }, { beneficiary: '\u202E\u200B' }]

  for (const over of wrong) {
    const { status, body } = await ask(ada, over)
    assert.deepEqual([status, body.code], [422, 'validation_error'], JSON.stringify(over))
    assert.equal(body.errors[0].path, Object.keys(over)[0])
  }
  assert.equal((await ask(ada, { amount_minor: 10 ** 15, currency: 'JPY' })).status, 423)
})

test('CHK-12: marks that hide or turn the text are gone before the approver sees it', async () => {
  const ada = await world.person()

  const asked = await ask(ada, { beneficiary: 'Jean\u202Enaej\u2069 \n Roy', reference: 'a\u200Bb' })

  assert.deepEqual([asked.body.checkpoint.args.beneficiary, asked.body.checkpoint.args.reference], ['Jeannaej Roy', 'ab'])
})

test('IDB-01: another identity’s order is 403, and no list or export shows it', async () => {
  const [ada, bob] = [await world.person(), await world.person()]
  await order(ada)
  const [row] = await ordersOf(ada)

  assert.deepEqual([(await bob.get(`/api/v2/payments/orders/${row.id}`)).status, (await ordersOf(bob)).length, (await bob.get('/api/v2/payments/export')).status], [403, 0, 404])
})

test('orders are listed newest first, a page at a time', async () => {
  const ada = await world.person()
  for (const amount_minor of [1, 2, 3]) await order(ada, { amount_minor })

  const page = (await ada.get('/api/v2/payments/orders?limit=2')).body
  const next = (await ada.get(`/api/v2/payments/orders?limit=2&cursor=${encodeURIComponent(page.next_cursor)}`)).body

  assert.deepEqual([page.items, next.items].map((items) => items.map((one: { amount_minor: number }) => one.amount_minor)), [[3, 2], [1]])
  assert.equal(next.next_cursor, null)
})

test('approved orders are exported as pain.001, by their days, and the export is audited', async () => {
  const ada = await world.person({ name: 'Ada Lovelace' })
  await order(ada, { amount_minor: 1 })
  await order(ada, { amount_minor: 250, currency: 'JPY', beneficiary: 'Sato & <Sons>', reference: undefined })
  const today = world.clock.now().toISOString().slice(0, 10)

  const { status, headers, body } = await ada.get(`/api/v2/payments/export?from=${today}&to=${today}`)

  assert.deepEqual([status, headers.get('content-type')], [200, 'application/xml; charset=utf-8'])
  assert.match(headers.get('content-disposition') ?? '', /^attachment; filename="chenu-pain001-[0-9a-f-]{36}\.xml"$/)
  const { GrpHdr, PmtInf } = new XMLParser({ ignoreAttributes: false, parseTagValue: false }).parse(body).Document.CstmrCdtTrfInitn
  assert.deepEqual([GrpHdr.NbOfTxs, GrpHdr.CtrlSum, PmtInf.map((block: { Dbtr: { Nm: string } }) => block.Dbtr.Nm)], ['2', '250.01', ['Ada Lovelace', 'Ada Lovelace']])
  const orders = await ordersOf(ada)
  assert.deepEqual(PmtInf.map((block: { CdtTrfTxInf: { PmtId: { EndToEndId: string } } }) => block.CdtTrfTxInf.PmtId.EndToEndId), orders.toReversed().map((one: { id: string }) => one.id.replaceAll('-', '')))
  assert.match(body, /Sato &amp; &lt;Sons&gt;/)
  const { rows } = await world.owner.query(`select count(*)::int as count from audit_events where identity_id = $1 and action = 'payments.exported'`, [ada.identity.id])
  assert.deepEqual(rows, [{ count: 1 }])
  assert.equal((await ada.get('/api/v2/payments/export?to=2020-01-01')).status, 404)
  assert.equal((await ada.get('/api/v2/payments/export?from=yesterday')).status, 422)
})
