/** What people call a note; the offline planner reads it. */
export const NOTE_WORDS = { en: ['note', 'notes', 'memo', 'memos'], fr: ['note', 'notes', 'mémo', 'mémos'] }
