/** What people call an identity; the offline planner reads it. */
export const IDENTITY_WORDS = { en: ['identity', 'identities'], fr: ['identité', 'identités'] }
