/** What people call a thread; the offline planner reads it. */
export const THREAD_WORDS = {
  en: ['thread', 'threads', 'conversation', 'conversations', 'discussion', 'discussions'],
  fr: ['fil', 'fils', 'fil de discussion', 'fils de discussion', 'conversation', 'conversations', 'discussion', 'discussions'],
}
