import type { z } from 'zod'
import type { PaymentOrder } from './contract.ts'
import { formatMinor } from './currency.ts'
import type { OrderRow } from './queries.ts'

/** Said with every order (invariant 10). */
const NOTE = {
  en: 'Approved and written into the ledger. No money was moved: export it (GET /api/v2/payments/export) and give the file to your bank.',
  fr: 'Approuvé et inscrit au registre. Aucun argent n’a été transféré : exportez-le (GET /api/v2/payments/export) et remettez le fichier à votre banque.',
}

export const presentOrder = (row: OrderRow): z.input<typeof PaymentOrder> => ({
  id: row.id, beneficiary: row.beneficiary, amount_minor: Number(row.amount_minor), amount: formatMinor(BigInt(row.amount_minor), row.currency),
  currency: row.currency, reference: row.reference, status: 'approved', note: NOTE,
  checkpoint_id: row.checkpoint_id, approved_by: row.approved_by, created_at: row.created_at.toISOString(),
})
