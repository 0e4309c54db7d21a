/** What people call a payment; the offline planner reads it. */
export const PAYMENT_WORDS = { en: ['payment', 'payments', 'payment order'], fr: ['paiement', 'paiements', 'virement', 'virements', 'ordre de paiement'] }
