import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import { orderPayment } from './order-payment.ts'
import { routes } from './routes.ts'

export const payments: Domain = {
  name: 'payments', tables: ['payment_orders'], uses: ['audit', 'governance', 'identities'],
  actions: [orderPayment] as unknown as AnyAction[],
  routes,
}
