/** What a verb asks for in one of its uses. Where several uses fit, the one that says most about its surroundings wins. */
export type Sense = {
  verb: string
  /** Classes of tools, the likeliest first: 'create', 'delete', 'send'… or the tool's own verb. */
  does: string[]
  /** Words that must follow the verb or end the clause; they belong to the verb («mets … à la corbeille»). */
  with?: string
  /** Holds only where a sum of money stands in the clause. */
  money?: true
  /** The kind of record that the verb itself makes or touches: to jot down makes a note. */
  makes?: string
  /** What it changes, where the verb says so: to rename is to set the name. */
  sets?: 'name' | 'date'
  /** The form is an everyday noun too («liste», "post"): alone it does not begin a new command. */
  noun?: true
  /** What follows is said to somebody: «dis à Paul que…», "tell Paul that…". */
  says?: true
}

export const senses = (verbs: string, sense: Omit<Sense, 'verb'>): Sense[] => verbs.split(', ').map((verb) => ({ verb, ...sense }))
