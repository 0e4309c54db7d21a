import { z } from 'zod'
import { page, toPage } from '../../platform/http/page.ts'
import { read, sessionRoute, write, type Route } from '../../platform/http/route.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import { ExportOrders, ListOrders, OrderKey, PaymentOrder } from './contract.ts'
import { exportOrders } from './export-orders.ts'
import { orderPayment } from './order-payment.ts'
import { presentOrder } from './present.ts'
import { findOrder, listOrders } from './queries.ts'

export const routes: Route[] = [
  write('POST /payments/orders', orderPayment, { status: 201 }),
  read('GET /payments/orders', {
    summary: 'List approved payment orders, newest first', input: ListOrders, output: page(PaymentOrder),
    run: async (ctx, q) => toPage(
      await listOrders(ctx.db, ctx.identityId, { limit: q.limit, before: ctx.platform.cursors.decode(q.cursor) }),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: (row) => row.id, present: presentOrder },
    ),
  }),
  read('GET /payments/orders/:order_id', {
    summary: 'Get an approved payment order', input: OrderKey, output: PaymentOrder, problems: ['not_found', 'identity_boundary'],
    run: async (ctx, { order_id }) => presentOrder(await findOrder(ctx.db, ctx.identityId, order_id) ?? await refuseMissing(ctx, { type: 'payment_order', id: order_id })),
  }),
  // XML, which a JSON route cannot answer: the handler sends it by itself.
  sessionRoute('GET /payments/export', {
    summary: 'Export approved payment orders as ISO 20022 pain.001 XML; no money moves', input: ExportOrders, output: z.string(), media: 'application/xml', problems: ['not_found', 'conflict'],
    run: async (ctx, q, { reply }) => {
      await exportOrders(ctx, q, reply)
      return ''
    },
  }),
]
