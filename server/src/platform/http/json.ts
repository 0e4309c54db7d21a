import { MalformedRequest } from '../problems.ts'

export const DEPTH_MAX = 32
const KEYS_MAX = 1_000
const ITEMS_MAX = 10_000

const bad = (en: string, fr: string) => MalformedRequest({ en, fr })
const notJson = () => bad('The body is not valid JSON.', 'Le corps n’est pas du JSON valide.')

type Frame = { keys: Set<string> | null; items: number }

/**
 * Looks over a JSON text before it is parsed: nesting, number of members, repeated names. JSON.parse would silently take
 * the last of two equal names, so that what a filter saw and what is executed could differ.
 */
export function checkJsonText(text: string): void {
  const stack: Frame[] = []
  let keys = 0
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at]
    if (mark === '{' || mark === '[') {
      stack.push({ keys: mark === '{' ? new Set() : null, items: 0 })
      if (stack.length > DEPTH_MAX) throw bad(`The body is nested deeper than ${DEPTH_MAX} levels.`, `Le corps est imbriqué sur plus de ${DEPTH_MAX} niveaux.`)
    } else if (mark === '}' || mark === ']') {
      stack.pop()
    } else if (mark === ',') {
      const frame = stack.at(-1)
      if (frame && (frame.items += 1) >= ITEMS_MAX) throw bad(`A list holds more than ${ITEMS_MAX} items.`, `Une liste contient plus de ${ITEMS_MAX} éléments.`)
    } else if (mark === '"') {
      const end = endOfString(text, at)
      if (isKey(text, end)) {
        keys += 1
        if (keys > KEYS_MAX) throw bad(`The body has more than ${KEYS_MAX} members.`, `Le corps a plus de ${KEYS_MAX} membres.`)
        noteKey(stack.at(-1)?.keys, text.slice(at, end + 1))
      }
      at = end
    }
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at
  }
  throw notJson()
}

function isKey(text: string, end: number): boolean {
  for (let at = end + 1; at < text.length; at += 1) {
    const mark = text[at]
    if (mark !== ' ' && mark !== '\t' && mark !== '\n' && mark !== '\r') return mark === ':'
  }
  return false
}

function noteKey(keys: Set<string> | null | undefined, quoted: string): void {
  const key = parse(quoted) as string
  if (key === '__proto__' || key === 'constructor' || key === 'prototype') throw bad('The body has a member that is not allowed.', 'Le corps a un membre non permis.')
  if (keys?.has(key)) throw bad('The body names a member twice.', 'Le corps nomme deux fois le même membre.')
  keys?.add(key)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw notJson()
  }
}

/** Parses a request body that PostgreSQL can hold: valid JSON, well-formed text without NUL, finite numbers. */
export function parseJson(text: string): unknown {
  checkJsonText(text)
  const value = parse(text)
  checkValue(value)
  return value
}

const UNSAFE_TEXT = bad('Text must be well-formed Unicode without NUL.', 'Le texte doit être de l’Unicode bien formé, sans NUL.')

/** Throws for text that PostgreSQL refuses (NUL, lone surrogates) and for numbers that no JSON could give back. */
export function checkValue(value: unknown): void {
  if (typeof value === 'string') return checkText(value)
  if (typeof value === 'number') return checkNumber(value)
  if (Array.isArray(value)) {
    for (const item of value) checkValue(item)
  } else if (value !== null && typeof value === 'object') {
    for (const [key, member] of Object.entries(value)) {
      checkText(key)
      checkValue(member)
    }
  }
}

export function checkText(text: string): void {
  if (text.includes('\0') || !text.isWellFormed()) throw UNSAFE_TEXT
}

// An integer past 2^53 is no longer the one that was written; a schema that wants an integer refuses it.
function checkNumber(value: number): void {
  if (!Number.isFinite(value)) throw bad('A number is out of range.', 'Un nombre est hors limites.')
}
