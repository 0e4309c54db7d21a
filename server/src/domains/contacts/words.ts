/** What people call a contact; the offline planner reads it. */
export const CONTACT_WORDS = { en: ['contact', 'contacts'], fr: ['contact', 'contacts'] }
