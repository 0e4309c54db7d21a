/** What people call what can be moved; the offline planner reads it beside the words of each type. */
export const RECORD_WORDS = { en: ['record', 'records'], fr: ['élément', 'éléments'] }
