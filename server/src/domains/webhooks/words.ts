/** By what a person calls a webhook. */
export const WEBHOOK_WORDS = { en: ['webhook', 'webhooks'], fr: ['webhook', 'webhooks'] }
