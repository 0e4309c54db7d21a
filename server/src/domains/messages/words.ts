/** What people call a message; the offline planner reads it. */
export const MESSAGE_WORDS = { en: ['message', 'messages', 'mail', 'mails', 'email', 'emails', 'e-mail', 'e-mails'], fr: ['message', 'messages', 'courriel', 'courriels', 'mail', 'mails', 'e-mail', 'e-mails'] }
