import { marksIn, visible } from './marks.ts'
import type { Shown } from './contract.ts'

const TEXT_MAX = 2_000
const WARNINGS_MAX = 50
const MEMBERS_MAX = 200
const DEPTH_MAX = 8

/** Makes every text of a value safe to look at: cut, and with what shows nothing written out; and says what deceives in it. Pure. */
export function markTexts<T>(value: T): { value: T; warnings: Shown['warnings'] } {
  const warnings: Shown['warnings'] = []
  const walk = (at: unknown, where: string, depth: number): unknown => {
    if (typeof at === 'string') {
      for (const mark of marksIn(at)) if (warnings.length < WARNINGS_MAX) warnings.push({ ...mark, where })
      return cut(at)
    }
    if (typeof at !== 'object' || at === null) return at
    if (depth >= DEPTH_MAX) return '…'
    if (Array.isArray(at)) return at.slice(0, MEMBERS_MAX).map((member, index) => walk(member, `${where}[${index}]`, depth + 1))
    return Object.fromEntries(Object.entries(at).slice(0, MEMBERS_MAX).map(([name, member]) => [visible(name), walk(member, where === '' ? name : `${where}.${name}`, depth + 1)]))
  }
  // The walk keeps the shape: objects stay objects, texts texts.
  return { value: walk(value, '', 0) as T, warnings }
}

const cut = (text: string): string => visible(text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text)
