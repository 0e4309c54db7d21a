import assert from 'node:assert/strict'
import { XMLBuilder } from 'fast-xml-parser'
import { formatDecimal, formatMinor, minorUnitsOf } from './currency.ts'
import { isIban, plainIban } from './iban.ts'
import { isoId, isoText } from './iso-text.ts'

export type CreditTransfer = {
  id: string
  beneficiary: string
  /** Null when the account is not known: the bank asks for it. */
  iban?: string | null
  /** In minor units of the currency, above zero. */
  amountMinor: bigint | number
  currency: string
  reference?: string | null
  /** The day, in UTC, on which the bank is asked to pay. */
  requestedOn: Date
}

export type CreditTransferFile = {
  messageId: string
  createdAt: Date
  initiator: { name: string }
  debtor: { name: string; iban?: string | null }
  orders: CreditTransfer[]
}

/**
 * An ISO 20022 credit transfer initiation, `pain.001.001.09`, one payment block for each currency and day.
 * It is a file for a bank: nothing is paid by making it. Names, amounts, currencies and accounts must have been checked.
 */
export function pain001({ messageId, createdAt, initiator, debtor, orders }: CreditTransferFile): string {
  assert(orders.length > 0, 'a payment file holds at least one order')
  const ids = orders.map(({ id }) => isoId(id))
  assert(new Set(ids).size === ids.length, 'each order stands once in a payment file')

  const blocks = [...Map.groupBy(orders, ({ currency, requestedOn }) => `${currency} ${dayOf(requestedOn)}`).values()]
  return xml.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    Document: {
      '@xmlns': 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09',
      CstmrCdtTrfInitn: {
        GrpHdr: {
          MsgId: isoId(messageId),
          CreDtTm: createdAt.toISOString(),
          NbOfTxs: String(orders.length),
          CtrlSum: controlSum(orders),
          InitgPty: party(initiator.name),
        },
        PmtInf: blocks.map((block, index) => paymentBlock({ id: `${isoId(messageId)}-${index + 1}`, debtor, block })),
      },
    },
  })
}

const NAME_LENGTH_MAX = 140
const REFERENCE_LENGTH_MAX = 140
const DIGITS_MAX = 18

// The schema is a sequence: the order of the keys below is the order of the elements.
const xml = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true })

// The account and the bank of the debtor are mandatory in the schema; this value is its way to say that they are not known.
// With an IBAN the bank is left open too, as it follows from the IBAN.
const NOT_PROVIDED = { Othr: { Id: 'NOTPROVIDED' } }

function paymentBlock({ id, debtor, block }: { id: string; debtor: CreditTransferFile['debtor']; block: CreditTransfer[] }) {
  const [first] = block
  assert(first !== undefined)
  return {
    PmtInfId: isoId(id),
    PmtMtd: 'TRF',
    NbOfTxs: String(block.length),
    CtrlSum: controlSum(block),
    ReqdExctnDt: { Dt: dayOf(first.requestedOn) },
    Dbtr: party(debtor.name),
    DbtrAcct: { Id: debtor.iban ? account(debtor.iban) : NOT_PROVIDED },
    DbtrAgt: { FinInstnId: NOT_PROVIDED },
    CdtTrfTxInf: block.map(transfer),
  }
}

/** The creditor's bank and account are optional in the schema, so an unknown account is left out. */
function transfer({ id, beneficiary, iban, amountMinor, currency, reference }: CreditTransfer) {
  const amount = formatMinor(amountMinor, currency)
  assert(BigInt(amountMinor) > 0n && String(amountMinor).length <= DIGITS_MAX, 'an order pays more than nothing, in at most 18 digits')
  const remittance = isoText(reference ?? '', REFERENCE_LENGTH_MAX)
  return {
    PmtId: { EndToEndId: isoId(id) },
    Amt: { InstdAmt: { '@Ccy': currency, '#text': amount } },
    Cdtr: party(beneficiary),
    ...(iban ? { CdtrAcct: { Id: account(iban) } } : {}),
    ...(remittance ? { RmtInf: { Ustrd: remittance } } : {}),
  }
}

/** The plain sum of the decimals whatever their currencies, as the schema defines it: exact, in whole smallest units. */
function controlSum(orders: CreditTransfer[]): string {
  const decimals = orders.reduce((most, order) => Math.max(most, decimalsOf(order)), 0)
  const sum = orders.reduce((total, order) => total + BigInt(order.amountMinor) * 10n ** BigInt(decimals - decimalsOf(order)), 0n)
  assert(String(sum).length <= DIGITS_MAX, 'a payment file sums up to at most 18 digits')
  return formatDecimal(sum, decimals)
}

function decimalsOf({ currency }: CreditTransfer): number {
  const decimals = minorUnitsOf(currency)
  assert(decimals !== undefined, `${currency} is no active currency`)
  return decimals
}

function party(given: string): { Nm: string } {
  const name = isoText(given, NAME_LENGTH_MAX)
  assert(name !== '', 'a party to a payment has a name')
  return { Nm: name }
}

function account(iban: string): { IBAN: string } {
  assert(isIban(iban), 'an account is a valid IBAN or not known')
  return { IBAN: plainIban(iban) }
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10)
