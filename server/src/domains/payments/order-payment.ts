import assert from 'node:assert/strict'
import { defineAction } from '../../platform/action.ts'
import type { EffectTx } from '../../platform/ctx.ts'
import { emit } from '../../platform/events/emit.ts'
import { newId } from '../../platform/ids.ts'
import { ValidationError, type FieldError } from '../../platform/problems.ts'
import { OrderPayment, PaymentOrder, type OrderInput } from './contract.ts'
import { minorUnitsOf } from './currency.ts'
import { PaymentOrdered } from './events.ts'
import { isoText } from './iso-text.ts'
import { presentOrder } from './present.ts'
import { insertOrder } from './queries.ts'
import { showAmount } from './show-amount.ts'
import { PAYMENT_WORDS } from './words.ts'

const TEXT_MAX = 140

/** Writes an approved order into the ledger. No money moves: a file for the bank can be made of it. */
export const orderPayment = defineAction({
  name: 'payments.order', effect: 'PAYMENT', input: OrderPayment, output: PaymentOrder, words: PAYMENT_WORDS,
  title: { en: 'Order a payment', fr: 'Ordonner un paiement' },
  summary: ({ beneficiary, amount_minor, currency, reference }) => {
    const amount = showAmount(amount_minor, currency)
    return {
      en: `Order the payment of ${amount.en} to “${beneficiary}”${reference === undefined ? '' : ` (reference “${reference}”)`}`,
      fr: `Ordonner le paiement de ${amount.fr} à « ${beneficiary} »${reference === undefined ? '' : ` (référence « ${reference} »)`}`,
    }
  },
  sensitivity: 'restricted',
  facts: ({ amount_minor, currency }) => ({ amountMinor: amount_minor, currency, recipients: 1 }),
  resolve: async (_tx, input) => inPlainText(input),
  check: ensurePayable,
  shows: ({ beneficiary, amount_minor, currency }) => ({
    recipients: [{ name: beneficiary, address: beneficiary }], amount: { minor: amount_minor, currency, text: showAmount(amount_minor, currency) }, count: 1,
  }),
  about: ({ id }) => ({ type: 'payment_order', id }),
  async run(tx, { beneficiary, amount_minor, currency, reference }) {
    // The policy holds every payment, for the person too; the ledger takes none that nobody approved, whatever the policy.
    assert(tx.checkpointId !== null, 'a payment is ordered only by an approval')
    const row = await insertOrder(tx.db, {
      id: newId(), identityId: tx.identityId, beneficiary, amountMinor: amount_minor, currency, reference: reference ?? null,
      checkpointId: tx.checkpointId, approvedBy: tx.userId, at: tx.now(),
    })
    emit(tx, PaymentOrdered, { order_id: row.id, checkpoint_id: row.checkpoint_id })
    return presentOrder(row)
  },
})

/** What the approver reads is what the bank will read: one line, and no mark that hides or turns the text. */
function inPlainText({ beneficiary, reference, ...rest }: OrderInput): OrderInput {
  const plain = { ...rest, beneficiary: isoText(beneficiary, TEXT_MAX) }
  return reference === undefined ? plain : { ...plain, reference: isoText(reference, TEXT_MAX) }
}

async function ensurePayable(_tx: EffectTx, { beneficiary, currency, reference }: OrderInput): Promise<void> {
  const errors: FieldError[] = [
    ...(minorUnitsOf(currency) === undefined ? [{ path: 'currency', message: 'not an active ISO 4217 currency' }] : []),
    ...(beneficiary === '' ? [{ path: 'beneficiary', message: 'nothing readable' }] : []),
    ...(reference === '' ? [{ path: 'reference', message: 'nothing readable' }] : []),
  ]
  if (errors.length > 0) throw ValidationError({ errors })
}
