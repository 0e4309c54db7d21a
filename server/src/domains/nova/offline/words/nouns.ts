import type { PlannerTool } from '../planner-tool.ts'
import { foldWord } from '../text/fold.ts'

export type Noun = { kind: string; plural: boolean }

/** Usual words for kinds of records, beside those that the actions themselves declare. */
const USUAL: Record<string, string[]> = {
  note: ['note', 'notes', 'memo', 'memos', 'pense-bete', 'pense-betes', 'post-it'],
  task: ['task', 'tasks', 'todo', 'todos', 'to-do', 'to-dos', 'to do', 'todo item', 'to-do item', 'action item', 'tache', 'taches', 'chose a faire', 'choses a faire', 'reminder', 'reminders', 'rappel', 'rappels'],
  contact: ['contact', 'contacts', 'carnet d\' adresses', 'address book'],
  thread: ['thread', 'threads', 'fil', 'fils', 'fil de discussion', 'fils de discussion', 'discussion', 'discussions', 'discussion thread', 'conversation', 'conversations'],
  message: ['message', 'messages', 'msg', 'email', 'emails', 'mail', 'mails', 'courriel', 'courriels', 'mel', 'texto', 'textos', 'sms', 'text message', 'text messages', 'mot', 'dm', 'message text'],
  payment: ['payment', 'payments', 'payment order', 'paiement', 'paiements', 'virement', 'virements', 'versement', 'versements', 'reglement', 'ordre de paiement', 'ordre de virement', 'bank transfer', 'wire transfer'],
  identity: ['identity', 'identities', 'identite', 'identites'],
}

const LISTS = /^(?:list|lists|liste|listes)$/

/** What people call the kinds of records that the tools know, by the words as the grammar compares them. */
export class Nouns {
  readonly #byWords = new Map<string, Set<string>>()
  readonly wordsMax: number

  constructor(tools: PlannerTool[]) {
    for (const { kind, nouns } of tools) {
      for (const noun of [...nouns.en, ...nouns.fr, ...USUAL[kind] ?? []]) {
        const words = plainNoun(noun)
        this.#byWords.set(words, (this.#byWords.get(words) ?? new Set()).add(kind))
      }
    }
    this.wordsMax = Math.max(1, ...[...this.#byWords.keys()].map((words) => words.split(' ').length))
  }

  /** The kind that exactly these words name; undefined when they name none, or more than one. */
  find(words: string): Noun | undefined {
    const [kind, other] = this.#byWords.get(words) ?? []
    return kind === undefined || other !== undefined ? undefined : { kind, plural: this.#isPlural(words) }
  }

  /** A word that is another noun with an s, or whose last word says a list. */
  #isPlural(words: string): boolean {
    const singular = words.split(' ').map((word, at) => (at === 0 || !/^(?:de|d'|a)$/.test(word) ? word.replace(/ies$/, 'y').replace(/[sx]$/, '') : word)).join(' ')
    const first = words.replace(/^(\S+?)[sx](?= |$)/, '$1')
    return [singular, first, words.replace(/ies$/, 'y')].some((one) => one !== words && this.#byWords.has(one))
  }
}

/** As tokens stand in a line: «fil de discussion», «carnet d' adresses», "email". */
const plainNoun = (noun: string): string => foldWord(noun).replace(/\be-mail/g, 'email').replace(/'(?=\S)/g, "' ").trim()

export const isListWord = (word: string): boolean => LISTS.test(word)
