/** What people call where they are; the offline planner reads it. */
export const HUB_WORDS = { en: ['hub', 'hubs', 'context'], fr: ['hub', 'hubs', 'contexte'] }
