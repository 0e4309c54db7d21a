import { DateTime } from 'luxon'
import { behindAny, behindPhrase, wordAt, type Read, type Word } from './date-reader.ts'
import { COUNTS, MONTHS, NEAR_DAYS, SHORT_WEEKDAYS, UNITS, WEEKDAYS } from './date-words.ts'

/** A day; an instant when it was said in hours; `part` when the words name a part of the day too. */
export type FoundDay = { day: DateTime; instant: boolean; part: string | null; doubtful: boolean }

export type DayGiven = { now: DateTime; isEnglish: boolean }

const plainDay = (day: DateTime): FoundDay => ({ day, instant: false, part: null, doubtful: false })
const read = (found: FoundDay | undefined, next: number): Read<FoundDay> | undefined => found && { value: found, next }

/** Reads a day at a word, in any of the ways that people name one; undefined also for a day that does not exist. */
export function readDay(words: Word[], at: number, given: DayGiven): Read<FoundDay> | undefined {
  return readNear(words, at, given) ?? readNumeric(words, at, given) ?? readDistance(words, at, given) ?? readMonthDay(words, at, given) ?? readWeekday(words, at, given) ?? readOrdinal(words, at, given)
}

function readNear(words: Word[], at: number, { now }: DayGiven): Read<FoundDay> | undefined {
  for (const { phrases, days, part = null } of NEAR_DAYS) {
    const next = behindAny(words, at, phrases)
    if (next !== undefined) return read({ ...plainDay(now.plus({ days })), part }, next)
  }
  return undefined
}

/** «3/4» is the 3rd of April in French. In English it depends on who writes it: only what reads in one way is sure. */
function readNumeric(words: Word[], at: number, { now, isEnglish }: DayGiven): Read<FoundDay> | undefined {
  const iso = /^\d{4}-\d{2}-\d{2}(t\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?)?$/.exec(wordAt(words, at))
  if (iso) return read(isoDay(iso[0], { now, hasTime: iso[1] !== undefined }), at + 1)
  const numeric = /^(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?$/.exec(wordAt(words, at))
  // «14.30» is a time or a number; two numbers with a point are a date with their year only.
  if (!numeric || (numeric[2] !== '/' && numeric[4] === undefined) || /^(?:24|7)\/7$/.test(numeric[0])) return undefined
  const [first, second] = [Number(numeric[1]), Number(numeric[3])]
  const [date, month] = isEnglish && first <= 12 && second > 12 ? [second, first] : [first, second]
  const year = numeric[4] === undefined ? undefined : Number(numeric[4]) + (numeric[4].length === 2 ? 2000 : 0)
  const found = dayIn(now, { year, month, date })
  return read(found && { ...found, doubtful: isEnglish && first <= 12 && second <= 12 && first !== second }, at + 1)
}

function isoDay(text: string, { now, hasTime }: { now: DateTime; hasTime: boolean }): FoundDay | undefined {
  const day = DateTime.fromISO(text.toUpperCase(), { zone: now.zone })
  return day.isValid ? { ...plainDay(day), instant: hasTime } : undefined
}

/** «Dans trois jours», "in half an hour", "two weeks from now". */
function readDistance(words: Word[], at: number, { now }: DayGiven): Read<FoundDay> | undefined {
  const led = behindAny(words, at, ['in', 'dans', 'd\'ici', 'within', 'sous'])
  const start = led === undefined ? at : behindAny(words, led, ['about', 'environ', 'a peu pres', 'exactly']) ?? led
  if (led !== undefined) {
    const half = behindAny(words, start, ['half an hour', 'une demi-heure', 'une demi heure'])
    if (half !== undefined) return read({ ...plainDay(now.plus({ minutes: 30 })), instant: true }, half)
    const fortnight = behindAny(words, start, ['a fortnight', 'une quinzaine', 'quinze jours', '15 jours'])
    if (fortnight !== undefined) return read(plainDay(now.plus({ days: 14 })), fortnight)
    const eight = behindPhrase(words, start, 'huit jours')
    if (eight !== undefined) return read(plainDay(now.plus({ days: 7 })), eight)
  }
  const couple = behindPhrase(words, start, 'a couple of')
  const joined = /^(\d{1,3})(h|min|mn|j)$/.exec(wordAt(words, start))
  const count = couple === undefined ? COUNTS.get(wordAt(words, start)) ?? (/^\d{1,3}$/.test(wordAt(words, start)) ? Number(wordAt(words, start)) : joined ? Number(joined[1]) : undefined) : 2
  const unitAt = couple ?? (joined ? start : start + 1)
  const unit = joined ? (joined[2] === 'j' ? 'days' : joined[2] === 'h' ? 'hours' : 'minutes') : UNITS.get(wordAt(words, unitAt).replace(/s'$/, 's'))
  if (count === undefined || !unit) return undefined
  const behind = behindAny(words, unitAt + 1, ['from now', 'from today', 'hence', 'plus tard', 'a partir de maintenant'])
  if (led === undefined && behind === undefined) return undefined
  return read({ ...plainDay(now.plus({ [unit]: count })), instant: unit === 'hours' || unit === 'minutes' }, behind ?? behindPhrase(words, unitAt + 1, 'time') ?? unitAt + 1)
}

/** «Mardi 3 mars 2027», "March the 3rd", «le premier avril». */
function readMonthDay(words: Word[], at: number, { now }: DayGiven): Read<FoundDay> | undefined {
  const isWeekday = WEEKDAYS.has(wordAt(words, at)) || SHORT_WEEKDAYS.has(wordAt(words, at).replace('.', ''))
  const start = isWeekday ? behindAny(words, at + 1, ['the', 'le']) ?? at + 1 : at
  const monthFirst = MONTHS.get(wordAt(words, start))
  const dateAt = monthFirst === undefined ? start : behindPhrase(words, start + 1, 'the') ?? start + 1
  const date = wordAt(words, dateAt) === 'premier' ? 1 : Number(/^(\d{1,2})(?:st|nd|rd|th|er|eme)?$/.exec(wordAt(words, dateAt))?.[1])
  const monthAt = monthFirst === undefined ? behindAny(words, dateAt + 1, ['of', 'de']) ?? dateAt + 1 : start
  const month = MONTHS.get(wordAt(words, monthAt))
  if (!Number.isFinite(date) || month === undefined) return undefined
  const next = Math.max(dateAt, monthAt) + 1
  const year = /^(?:19|20)\d{2}$/.test(wordAt(words, next)) ? Number(wordAt(words, next)) : undefined
  return read(dayIn(now, { year, month, date }), year === undefined ? next : next + 1)
}

/** «Vendredi» is the coming one, «vendredi prochain» and "next Friday" that of the next week, «en huit» a week after the coming one. */
function readWeekday(words: Word[], at: number, { now }: DayGiven): Read<FoundDay> | undefined {
  const later = behindAny(words, at, ['a week on', 'a week from', 'a week'])
  const led = later ?? behindAny(words, at, ['next', 'this coming', 'this', 'coming', 'ce', 'le prochain', 'prochain']) ?? at
  const isLed = led > at || /^(?:on|by|until|ce|before|for)$/.test(wordAt(words, at - 1))
  const wanted = WEEKDAYS.get(wordAt(words, led)) ?? (isLed ? SHORT_WEEKDAYS.get(wordAt(words, led).replace('.', '')) : undefined)
  if (wanted === undefined) return undefined
  const coming = now.plus({ days: (wanted - now.weekday + 6) % 7 + 1 })
  const nextWeek = now.startOf('week').plus({ weeks: 1, days: wanted - 1 })
  const inEight = behindAny(words, led + 1, ['en huit', 'week'])
  if (later !== undefined || inEight !== undefined) return read(plainDay(coming.plus({ weeks: 1 })), inEight ?? led + 1)
  const nextBehind = behindAny(words, led + 1, ['prochain', 'de la semaine prochaine', 'next week', 'suivant'])
  if (nextBehind !== undefined || wordAt(words, at) === 'next') return read(plainDay(nextWeek), nextBehind ?? led + 1)
  const date = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(wordAt(words, behindAny(words, led + 1, ['the', 'le']) ?? led + 1))
  if (!date) return read(plainDay(coming), led + 1)
  const found = comingDate(Number(date[1]), now)
  return found?.day.weekday === wanted ? read(found, (behindAny(words, led + 1, ['the', 'le']) ?? led + 1) + 1) : undefined
}

/** «Le 15», "the 15th". */
function readOrdinal(words: Word[], at: number, { now, isEnglish }: DayGiven): Read<FoundDay> | undefined {
  const isLed = /^(?:le|au)$/.test(wordAt(words, at - 1))
  const found = (isLed && !isEnglish ? /^(\d{1,2})(?:er)?$/ : /^(\d{1,2})(?:st|nd|rd|th|er)$/).exec(wordAt(words, at))
  return found ? read(comingDate(Number(found[1]), now), at + 1) : undefined
}

/** A day of a month; without a year this year's, or the next that is to come: 29 February waits for a leap year. */
function dayIn(now: DateTime, { year, month, date }: { year: number | undefined; month: number; date: number }): FoundDay | undefined {
  for (let later = 0; later <= (year === undefined ? 8 : 0); later += 1) {
    const first = now.set({ day: 1 }).set({ month, year: (year ?? now.year) + later })
    if (month < 1 || month > 12 || date < 1) return undefined
    if (date > (first.daysInMonth ?? 0)) continue
    const day = first.set({ day: date })
    if (year !== undefined || day.startOf('day') >= now.startOf('day')) return plainDay(day)
  }
  return undefined
}

function comingDate(date: number, now: DateTime): FoundDay | undefined {
  for (let months = 0; months <= 12; months += 1) {
    const first = now.set({ day: 1 }).plus({ months })
    if (date >= 1 && date <= (first.daysInMonth ?? 0) && first.set({ day: date }).startOf('day') >= now.startOf('day')) return plainDay(first.set({ day: date }))
  }
  return undefined
}
