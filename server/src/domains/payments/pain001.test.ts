import assert from 'node:assert/strict'
import { test } from 'node:test'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { pain001, type CreditTransfer, type CreditTransferFile } from './pain001.ts'

const anOrder = (over: Partial<CreditTransfer> = {}): CreditTransfer => ({
  id: 'order-1', beneficiary: 'Müller GmbH', iban: 'DE89 3704 0044 0532 0130 00', amountMinor: 1250n, currency: 'EUR',
  reference: 'Invoice 12', requestedOn: new Date('2026-11-23T23:30:00Z'), ...over,
})
const aFile = (over: Partial<CreditTransferFile> = {}): CreditTransferFile => ({
  messageId: '01939a3e-7c5d-7abc-8def-0123456789ab', createdAt: new Date('2026-11-21T10:00:00Z'),
  initiator: { name: 'CHE·NU' }, debtor: { name: 'Éva Roy', iban: 'FR1420041010050500013M02606' }, orders: [anOrder()], ...over,
})

// Every repeated element is read as a list, and every value as the text that stands in the file.
const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, isArray: (name) => name === 'PmtInf' || name === 'CdtTrfTxInf' })
const read = (over: Partial<CreditTransferFile> = {}) => {
  const text = pain001(aFile(over))
  assert.equal(XMLValidator.validate(text), true)
  return parser.parse(text).Document.CstmrCdtTrfInitn
}

test('the elements stand in the order of the schema', () => {
  const names = [...pain001(aFile()).matchAll(/<([A-Za-z]+)/g)].map(([, name]) => name)

  assert.deepEqual(names, [
    'Document', 'CstmrCdtTrfInitn',
    'GrpHdr', 'MsgId', 'CreDtTm', 'NbOfTxs', 'CtrlSum', 'InitgPty', 'Nm',
    'PmtInf', 'PmtInfId', 'PmtMtd', 'NbOfTxs', 'CtrlSum', 'ReqdExctnDt', 'Dt', 'Dbtr', 'Nm', 'DbtrAcct', 'Id', 'IBAN', 'DbtrAgt', 'FinInstnId', 'Othr', 'Id',
    'CdtTrfTxInf', 'PmtId', 'EndToEndId', 'Amt', 'InstdAmt', 'Cdtr', 'Nm', 'CdtrAcct', 'Id', 'IBAN', 'RmtInf', 'Ustrd',
  ])
})

test('one order gives one block that says it whole', () => {
  const { GrpHdr, PmtInf } = read()

  assert.deepEqual(GrpHdr, { MsgId: '01939a3e7c5d7abc8def0123456789ab', CreDtTm: '2026-11-21T10:00:00.000Z', NbOfTxs: '1', CtrlSum: '12.50', InitgPty: { Nm: 'CHE·NU' } })
  assert.deepEqual(PmtInf, [{
    PmtInfId: '01939a3e7c5d7abc8def0123456789ab-1', PmtMtd: 'TRF', NbOfTxs: '1', CtrlSum: '12.50', ReqdExctnDt: { Dt: '2026-11-23' },
    Dbtr: { Nm: 'Éva Roy' }, DbtrAcct: { Id: { IBAN: 'FR1420041010050500013M02606' } }, DbtrAgt: { FinInstnId: { Othr: { Id: 'NOTPROVIDED' } } },
    CdtTrfTxInf: [{
      PmtId: { EndToEndId: 'order-1' }, Amt: { InstdAmt: { '@Ccy': 'EUR', '#text': '12.50' } }, Cdtr: { Nm: 'Müller GmbH' },
      CdtrAcct: { Id: { IBAN: 'DE89370400440532013000' } }, RmtInf: { Ustrd: 'Invoice 12' },
    }],
  }])
})

test('each currency and day has its own block, with its own sum', () => {
  const { GrpHdr, PmtInf } = read({ orders: [
    anOrder({ id: 'a' }), anOrder({ id: 'b', currency: 'JPY', amountMinor: 1000 }), anOrder({ id: 'c', currency: 'KWD', amountMinor: 1234 }),
    anOrder({ id: 'd', amountMinor: 1 }), anOrder({ id: 'e', requestedOn: new Date('2026-11-24') }),
  ] })

  type Block = { CtrlSum: string; NbOfTxs: string; ReqdExctnDt: { Dt: string }; CdtTrfTxInf: { Amt: { InstdAmt: Record<string, string> } }[] }
  const lines = PmtInf.map((block: Block) => [
    block.CtrlSum, block.NbOfTxs, block.ReqdExctnDt.Dt, block.CdtTrfTxInf.map(({ Amt }) => `${Amt.InstdAmt['#text']} ${Amt.InstdAmt['@Ccy']}`).join(),
  ])
  assert.deepEqual(lines, [
    ['12.51', '2', '2026-11-23', '12.50 EUR,0.01 EUR'],
    ['1000', '1', '2026-11-23', '1000 JPY'],
    ['1.234', '1', '2026-11-23', '1.234 KWD'],
    ['12.50', '1', '2026-11-24', '12.50 EUR'],
  ])
  assert.deepEqual([GrpHdr.NbOfTxs, GrpHdr.CtrlSum], ['5', '1026.244'])
})

test('the control sum is exact where a float is not', () => {
  const { GrpHdr } = read({ orders: [
    anOrder({ id: 'a', amountMinor: 9_007_199_254_740_993n }), anOrder({ id: 'b', amountMinor: 10 }), anOrder({ id: 'c', amountMinor: 20 }),
  ] })

  assert.equal(GrpHdr.CtrlSum, '90071992547410.23')
})

test('what is not known is said in the way of the schema', () => {
  const { PmtInf: [block] } = read({ debtor: { name: 'Éva Roy' }, orders: [anOrder({ iban: null, reference: ' \n' })] })

  assert.deepEqual(block.DbtrAcct, { Id: { Othr: { Id: 'NOTPROVIDED' } } })
  assert.deepEqual(Object.keys(block.CdtTrfTxInf[0]), ['PmtId', 'Amt', 'Cdtr'])
})

test('markup and control characters in names never become markup', () => {
  const beneficiary = 'A & B <script>"x"</script>\u0000 ]]> &lt; \uD800'
  const text = pain001(aFile({ orders: [anOrder({ beneficiary, reference: '</Ustrd><Evil/>' })] }))

  assert.match(text, /<Nm>A &amp; B &lt;script&gt;&quot;x&quot;&lt;\/script&gt; \]\]&gt; &amp;lt; \uFFFD<\/Nm>/)
  assert.match(text, /<Ustrd>&lt;\/Ustrd&gt;&lt;Evil\/&gt;<\/Ustrd>/)
  assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}/u)
})

test('long names and references are cut at 140 characters', () => {
  const { PmtInf: [{ CdtTrfTxInf: [transfer] }] } = read({ orders: [anOrder({ beneficiary: 'é'.repeat(200), reference: '&'.repeat(200) })] })

  assert.equal(transfer.Cdtr.Nm, 'é'.repeat(140))
  assert.equal(transfer.RmtInf.Ustrd, '&'.repeat(140))
})

test('what must have been checked before is refused', () => {
  const table: Partial<CreditTransferFile>[] = [
    { orders: [] },
    { orders: [anOrder(), anOrder()] },
    { orders: [anOrder({ amountMinor: 0 })] },
    { orders: [anOrder({ amountMinor: -1n })] },
    { orders: [anOrder({ amountMinor: 10n ** 18n })] },
    { orders: [anOrder({ amountMinor: 1.5 })] },
    { orders: [anOrder({ currency: 'XXX' })] },
    { orders: [anOrder({ iban: 'FR00' })] },
    { orders: [anOrder({ beneficiary: '\u202E' })] },
    { debtor: { name: ' ' } },
    { debtor: { name: 'Éva', iban: 'not an account' } },
  ]

  for (const over of table) assert.throws(() => pain001(aFile(over)), JSON.stringify(over, (_, value) => typeof value === 'bigint' ? String(value) : value))
})
