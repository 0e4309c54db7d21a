import { behindAny, wordAt, type Read, type Word } from './date-reader.ts'
import { COUNTS, DAY_PARTS } from './date-words.ts'

/** A time of day. `part`: only a part of the day was said; `doubtful`: "at 5" of no half of the day. */
export type ClockTime = { hour: number; minute: number; part: boolean; doubtful: boolean }

const AT = new Set(['a', 'at', '@', 'vers', 'around', 'about', 'by', 'pour', 'for', 'des', 'from', 'avant', 'before'])

const clock = (hour: number, minute: number, doubtful = false): ClockTime | undefined => (hour <= 23 && minute <= 59 ? { hour, minute, part: false, doubtful } : undefined)

/** Reads a time at a word: «14 h 30», "5:30 pm", «midi», "at 5", «du matin». */
export function readTime(words: Word[], at: number, { isEnglish }: { isEnglish: boolean }): Read<ClockTime> | undefined {
  const isLed = AT.has(wordAt(words, at))
  const from = isLed ? at + 1 : at
  const plain = readPlain(words, from, { isLed, isEnglish })
  if (!plain) return readPart(words, at)
  const half = readHalf(words, plain.next)
  if (!half) return plain
  return { value: inHalf(plain.value, half.value), next: half.next }
}

function readPlain(words: Word[], at: number, { isLed, isEnglish }: { isLed: boolean; isEnglish: boolean }): Read<ClockTime> | undefined {
  const word = wordAt(words, at)
  const one = (value: ClockTime | undefined, count: number): Read<ClockTime> | undefined => value && { value, next: at + count }
  if (/^(?:noon|midday|midi)$/.test(word)) return one(clock(12, 0), 1)
  if (/^(?:midnight|minuit)$/.test(word)) return isLed ? one(clock(0, 0, true), 1) : undefined
  const spoken = readSpoken(words, at)
  if (spoken) return spoken
  const joined = /^(\d{1,2})(?:h|[:.](?=\d))(\d{2})?$/.exec(word)
  if (joined) return one(clock(Number(joined[1]), Number(joined[2] ?? 0)), 1)
  const halved = /^(\d{1,2})(?:[:.](\d{2}))?([ap])\.?m\.?$/.exec(word)
  if (halved) return one(of12(Number(halved[1]), Number(halved[2] ?? 0), halved[3] === 'p'), 1)
  if (!/^\d{1,2}$/.test(word)) return undefined
  const unit = wordAt(words, at + 1)
  if (/^(?:h|heures?)$/.test(unit)) return /^\d{2}$/.test(wordAt(words, at + 2)) ? one(clock(Number(word), Number(wordAt(words, at + 2))), 3) : one(clock(Number(word), 0), 2)
  if (/^[ap]\.?m\.?$/.test(unit)) return one(of12(Number(word), 0, unit.startsWith('p')), 2)
  const isOclock = /^o'?clock$/.test(unit)
  const isEarly = Number(word) >= 1 && Number(word) <= 7
  // A bare number is a time in "at 10" only: «une table pour 4» is none.
  return isOclock || (isEnglish && isLed && /^(?:at|@)$/.test(wordAt(words, at - 1))) ? one(clock(Number(word), 0, isEarly), isOclock ? 2 : 1) : undefined
}

/** "Half past nine", «9 h et quart»: the minutes in words. */
function readSpoken(words: Word[], at: number): Read<ClockTime> | undefined {
  const past = behindAny(words, at, ['half past', 'quarter past', 'a quarter past', 'quarter to', 'a quarter to'])
  const hour = past === undefined ? Number(/^(\d{1,2})h$/.exec(wordAt(words, at))?.[1] ?? (/^(?:h|heures?)$/.test(wordAt(words, at + 1)) ? wordAt(words, at) : 'none')) : COUNTS.get(wordAt(words, past)) ?? Number(wordAt(words, past) || 'none')
  if (!Number.isInteger(hour)) return undefined
  if (past !== undefined) {
    const minute = wordAt(words, at) === 'half' ? 30 : wordAt(words, past - 1) === 'to' ? -15 : 15
    const time = clock(minute < 0 ? hour - 1 : hour, (minute + 60) % 60, hour >= 1 && hour <= 7)
    return time && { value: time, next: past + 1 }
  }
  const unitEnd = /h$/.test(wordAt(words, at)) ? at + 1 : at + 2
  const next = behindAny(words, unitEnd, ['et demie', 'et demi', 'et quart', 'moins le quart', 'moins quart'])
  const isLess = wordAt(words, unitEnd) === 'moins'
  const time = next === undefined ? undefined : clock(isLess ? hour - 1 : hour, isLess ? 45 : /^demie?$/.test(wordAt(words, unitEnd + 1)) ? 30 : 15)
  return time && next !== undefined ? { value: time, next } : undefined
}

const of12 = (hour: number, minute: number, isLate: boolean): ClockTime | undefined => (hour < 1 || hour > 12 ? undefined : clock(hour % 12 + (isLate ? 12 : 0), minute))

/** «Du matin», "in the evening" behind a time. */
function readHalf(words: Word[], at: number): Read<'early' | 'late'> | undefined {
  const word = wordAt(words, at)
  if (/^[ap]\.?m\.?$/.test(word)) return { value: word.startsWith('p') ? 'late' : 'early', next: at + 1 }
  if (/^de(?:l'| )?$/.test(word) && /^l'(?:apres-midi|aprem)$/.test(wordAt(words, at + 1))) return { value: 'late', next: at + 2 }
  const next = behindAny(words, at, ['du', 'in the', 'at', 'de'])
  const part = next === undefined ? undefined : DAY_PARTS.get(wordAt(words, next))
  return next === undefined || part === undefined || part === 12 ? undefined : { value: part > 12 ? 'late' : 'early', next: next + 1 }
}

function inHalf(time: ClockTime, half: 'early' | 'late'): ClockTime {
  return { ...time, hour: half === 'late' && time.hour < 12 ? time.hour + 12 : time.hour, doubtful: false }
}

/** «Matin», "in the evening", «dans l'après-midi». */
function readPart(words: Word[], at: number): Read<ClockTime> | undefined {
  const start = behindAny(words, at, ['in the', 'dans la', 'en fin de', 'dans', 'au', 'le', 'en']) ?? at
  const hour = DAY_PARTS.get(wordAt(words, start).replace(/^(?:l|d)'/, ''))
  return hour === undefined ? undefined : { value: { hour, minute: 0, part: true, doubtful: false }, next: start + 1 }
}

/** «Soir» and «8 h» are one time: the part of the day says which half is meant. */
export function joinTimes(one: ClockTime, other: ClockTime | undefined): ClockTime {
  if (!other) return one
  const [part, time] = one.part ? [one, other] : [other, one]
  return inHalf(time, part.hour > 12 ? 'late' : 'early')
}
