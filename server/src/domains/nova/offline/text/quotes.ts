/** A quoted part: where it stands with its marks, and what is inside. */
export type Quote = { start: number; end: number; inside: string }

const CLOSERS: Record<string, string> = { '«': '»', '“': '”', '„': '“”', '"': '"', '`': '`', '‘': '’', "'": "'" }

/** Every quoted part of a text, from left to right, none inside another. A mark without its partner quotes nothing. */
export function findQuotes(text: string): Quote[] {
  const quotes: Quote[] = []
  const unclosed = new Set<string>()
  for (let at = 0; at < text.length; at += 1) {
    const mark = text.charAt(at)
    const closers = CLOSERS[mark]
    if (closers === undefined || unclosed.has(mark) || !opens(text, at)) continue
    const end = findCloser(text, at, closers)
    if (end === -1) {
      unclosed.add(mark)
      continue
    }
    quotes.push({ start: at, end: end + 1, inside: text.slice(at + 1, end).trim() })
    at = end
  }
  return quotes
}

const WORDLIKE = /[\p{L}\p{N}]/u

/** An apostrophe opens a quotation only before a word and not inside one. */
function opens(text: string, at: number): boolean {
  const mark = text.charAt(at)
  if (mark !== "'" && mark !== '‘') return true
  return !WORDLIKE.test(text.charAt(at - 1)) && !/[\s,.;:!?]|^$/.test(text.charAt(at + 1))
}

function findCloser(text: string, from: number, closers: string): number {
  const isApostrophe = closers === "'" || closers === '’'
  for (let at = from + 1; at < text.length; at += 1) {
    const mark = text.charAt(at)
    const closes = closers.includes(mark) || (closers === '”' && mark === '“' && at > from + 1)
    if (closes && (!isApostrophe || !WORDLIKE.test(text.charAt(at + 1)))) return at
  }
  return -1
}
