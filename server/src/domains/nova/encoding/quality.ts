import type { Encoding, Scope } from './encoding.ts'

export type Grade = 'A' | 'B' | 'C' | 'D'

/** How good an encoding is (EQS): each part and the score are whole numbers from 0 to 100. */
export type Quality = {
  score: number
  grade: Grade
  parts: { compression: number; scope: number; focus: number; risk: number }
}

const weights = { compression: 35, scope: 25, focus: 20, risk: 20 }

const byScope: Record<Scope, number> = { LOCK: 100, SEL: 85, DOC: 70, MTG: 60, WS: 40 }

/** Two points of attention serve best; the documents stop at three, so four and five go on falling. */
const byFocusCount = [60, 75, 95, 90, 80, 70]

/** EQS = 35 % compression + 25 % scope + 20 % focus + 20 % risk flags. `compact` is the encoding of `text`. */
export function qualityOf({ encoding, compact, text }: { encoding: Encoding; compact: string; text: string }): Quality {
  const parts = {
    compression: compressionPart(compact.length, text.length),
    scope: byScope[encoding.scope],
    focus: byFocusCount[encoding.focus.length] ?? 0,
    risk: riskPart(encoding),
  }
  const score = Math.round((weights.compression * parts.compression + weights.scope * parts.scope + weights.focus * parts.focus + weights.risk * parts.risk) / 100)
  return { score, grade: gradeOf(score), parts }
}

/** By the share that the encoded form keeps of the original, both in characters. */
function compressionPart(encoded: number, original: number): number {
  if (encoded * 10 <= original) return 100
  if (encoded * 5 <= original) return 95
  if (encoded * 10 <= original * 3) return 85
  if (encoded * 2 <= original) return 70
  return 40
}

/**
 * The documents name this part without defining it. Here it says how many risks stand open, 25 for each: a doubt,
 * a rewriting without trace, a sensitive content without trace, a sensitive content whose scope is not locked.
 */
function riskPart({ flags, scope }: Pick<Encoding, 'flags' | 'scope'>): number {
  const open = [flags.unc, flags.rw && !flags.trace, flags.sens && !flags.trace, flags.sens && scope !== 'LOCK']
  return 100 - 25 * open.filter(Boolean).length
}

/** The documents disagree on the limits; these are their middle ones. */
function gradeOf(score: number): Grade {
  if (score >= 90) return 'A'
  if (score >= 70) return 'B'
  return score >= 50 ? 'C' : 'D'
}
