import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'

/** A thousand million millions: beyond any order, and still exact as a JSON number. */
export const AMOUNT_MINOR_MAX = 1_000_000_000_000_000

export const OrderPayment = z.strictObject({
  beneficiary: z.string().trim().min(1).max(140).describe('Who is to be paid, as their bank knows them.'),
  amount_minor: z.int().min(1).max(AMOUNT_MINOR_MAX).describe('In minor units of the currency: 1250 is 12.50 EUR, or 1250 JPY.'),
  currency: z.string().trim().toUpperCase().regex(/^[A-Z]{3}$/, 'three letters').describe('ISO 4217 code.'),
  reference: z.string().trim().min(1).max(140).optional(),
})
export type OrderInput = z.output<typeof OrderPayment>

export const PaymentOrder = z.object({
  id: z.uuid(), beneficiary: z.string(), amount_minor: z.int(),
  /** The same amount as a decimal of the currency. */
  amount: z.string(),
  currency: z.string(), reference: z.string().nullable(),
  /** Approved, which is all that ever happens to it here. */
  status: z.literal('approved'),
  note: z.object({ en: z.string(), fr: z.string() }),
  checkpoint_id: z.uuid(), approved_by: z.uuid(), created_at: z.iso.datetime(),
})

export const OrderKey = z.strictObject({ order_id: z.uuid() })
export const ListOrders = z.strictObject(pageInput)

/** Days in UTC, both included. */
export const ExportOrders = z.strictObject({ from: z.iso.date().optional(), to: z.iso.date().optional() })
