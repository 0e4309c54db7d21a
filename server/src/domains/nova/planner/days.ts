import type { DateTime } from 'luxon'
import type { ClockTime } from './clock-times.ts'
import { alternatives, COUNTS, MONTHS, SHORT_WEEKDAYS, UNITS, WEEKDAYS } from './date-words.ts'

const WEEKDAY = alternatives(WEEKDAYS.keys())
const SHORT = alternatives(SHORT_WEEKDAYS.keys())
const MONTH = alternatives(MONTHS.keys())
const COUNT = `${alternatives(COUNTS.keys())}|\\d{1,3}`
const UNIT = alternatives(UNITS.keys())
const YEAR = '(?:[ ,]+(?<year>(?:19|20)\\d{2}))?(?!\\d)'
const END = '(?![\\p{L}\\p{N}])'

/** Ways of naming a day; each alternative has groups of its own that `dayOf` reads. */
export const DAYS = [
  `(?<relative>day after tomorrow|apres-demain|apres demain|surlendemain|tomorrow|tmrw|tmr|tomoz|2morrow|demain|dem1|today|aujourd'hui|ajd|aujourdhui|tonight|tonite|ce soir|this (?:morning|afternoon|evening)|ce matin|cet apres-midi|cet aprem)${END}`,
  `(?<iso>(?:19|20)\\d{2}-\\d{2}-\\d{2})(?:t(?=\\d))?(?![\\d-])`,
  `(?<numeric>\\d{1,2}[/.-]\\d{1,2}(?:[/.-](?:(?:19|20)\\d{2}|\\d{2}))?)(?![\\d/.-]*\\d)`,
  `(?:in|dans|d'ici|within|sous)\\s+(?:about\\s+|environ\\s+)?(?:(?<halfHour>half an hour|une demi-heure|une demi heure)|(?<fortnight>a fortnight|une quinzaine|quinze jours|15 jours)|(?<eightDays>huit jours)|(?<count>${COUNT})\\s?(?<unit>${UNIT}))${END}(?:\\s+(?:time|from now))?`,
  `(?<count>${COUNT})\\s+(?<unit>${UNIT})\\s+(?:from now|hence|plus tard)${END}`,
  `(?:(?<coming>prochain|prochaine|coming|the coming|this coming|this|ce)\\s+)?(?:(?<next>next)\\s+)?(?:(?<weekday>${WEEKDAY})|(?<=next |on |by |this |mon |until )(?<weekday>${SHORT}))${END}\\.?(?:(?:\\s+(?<nextBehind>prochaine?|next week|de la semaine prochaine|suivant)|\\s+(?<inEight>en huit|week))${END})?(?!\\s+(?:the\\s+)?\\d{1,2}(?:st|nd|rd|th|er)?[\\s]+(?:of\\s+)?(?:${MONTH}))`,
  `(?:a week|une semaine)\\s+(?:on|from|apres)\\s+(?<weekLater>${WEEKDAY})${END}`,
  `(?:(?:${WEEKDAY}|${SHORT})\\.?[ ,]+(?:the\\s+|le\\s+)?)?(?<date>\\d{1,2})(?:st|nd|rd|th|er|eme)?\\s+(?:of\\s+|de\\s+)?(?<month>${MONTH})${END}\\.?${YEAR}`,
  `(?:(?:${WEEKDAY}|${SHORT})\\.?[ ,]+(?:the\\s+|le\\s+)?)?(?<month>${MONTH})\\.?\\s+(?:the\\s+)?(?<date>\\d{1,2})(?:st|nd|rd|th)?(?![\\d:])(?!\\s?(?:[ap]\\.?m|h))${YEAR}`,
  `(?:(?:${WEEKDAY})\\s+)?(?<=(?:^|\\s)(?:the|le|au|${WEEKDAY})\\s)(?<ordinal>\\d{1,2})(?:(?:st|nd|rd|th|er)(?![\\p{L}\\d])|(?<=(?:le|au) \\d{1,2})(?![\\p{L}\\d/.,:-])(?=[\\s,]*(?:$|a\\s|a$)))`,
  `(?:(?:${WEEKDAY})\\s+)?(?:le\\s+)?(?<first>premier|1er)\\s+(?<month>${MONTH})${END}${YEAR}`,
].join('|')

export type DayGroups = Partial<Record<'relative' | 'iso' | 'numeric' | 'halfHour' | 'fortnight' | 'eightDays' | 'count' | 'unit' | 'coming' | 'next' | 'weekday' | 'nextBehind' | 'inEight' | 'weekLater' | 'date' | 'month' | 'year' | 'ordinal' | 'first', string>>

/** A day, or an instant when it was said in hours; `part` when the word names a part of the day too. */
export type FoundDay = { day: DateTime; instant: DateTime | null; part: ClockTime | null; doubtful: boolean }

type Given = { now: DateTime; isEnglish: boolean }

const plainDay = (day: DateTime): FoundDay => ({ day, instant: null, part: null, doubtful: false })

/** The day that the groups of DAYS mean; undefined when there is no such day, as 31 February. */
export function dayOf(groups: DayGroups, { now, isEnglish }: Given): FoundDay | undefined {
  if (groups.relative) return relativeDay(groups.relative, now)
  if (groups.iso) return validDay(now.set({ year: Number(groups.iso.slice(0, 4)), month: 1, day: 1 }), { month: Number(groups.iso.slice(5, 7)), date: Number(groups.iso.slice(8)) })
  if (groups.numeric) return numericDay(groups.numeric, { now, isEnglish })
  if (groups.halfHour) return { ...plainDay(now), instant: now.plus({ minutes: 30 }) }
  if (groups.fortnight) return plainDay(now.plus({ days: 14 }))
  if (groups.eightDays) return plainDay(now.plus({ days: 7 }))
  if (groups.count && groups.unit) return inSome(groups.count, groups.unit, now)
  if (groups.weekday) return weekdayOf(groups.weekday, groups, now)
  if (groups.weekLater) return plainDay(forward(groups.weekLater, now).plus({ weeks: 1 }))
  if (groups.month) return inMonth(groups, now)
  return groups.ordinal ? nextOrdinal(Number(groups.ordinal), now) : undefined
}

const part = (hour: number): ClockTime => ({ hour, minute: 0, doubtful: false })

function relativeDay(word: string, now: DateTime): FoundDay {
  if (/^(?:day after|apres|surlendemain)/.test(word)) return plainDay(now.plus({ days: 2 }))
  if (/^(?:tom|tm|2m|dem)/.test(word)) return plainDay(now.plus({ days: 1 }))
  const found = /ton(?:ight|ite)$/.test(word) ? 20 : /(?:soir|evening)$/.test(word) ? 18 : /(?:midi|aprem|afternoon)$/.test(word) ? 15 : /(?:matin|morning)$/.test(word) ? 9 : null
  return { ...plainDay(now), part: found === null ? null : part(found) }
}

function validDay(year: DateTime, { month, date }: { month: number; date: number }): FoundDay | undefined {
  if (month < 1 || month > 12 || date < 1 || date > (year.set({ month, day: 1 }).daysInMonth ?? 0)) return undefined
  return plainDay(year.set({ day: 1, month }).set({ day: date }))
}

/** «3/4» is the 3rd of April in French. In English it depends on who writes it: only what can be read in one way is read. */
function numericDay(text: string, { now, isEnglish }: Given): FoundDay | undefined {
  const [first = 0, second = 0, given] = text.split(/[/.-]/).map(Number)
  const isUs = isEnglish && first <= 12 && second > 12
  const [date, month] = isUs ? [second, first] : [first, second]
  const year = given === undefined ? undefined : given < 100 ? 2000 + given : given
  const found = year === undefined ? comingDay(month, date, now) : validDay(now.set({ year, month: 1, day: 1 }), { month, date })
  return found && { ...found, doubtful: isEnglish && first <= 12 && second <= 12 && first !== second }
}

/** Of this year, or of the next one when it is over; 29 February waits for a leap year. */
function comingDay(month: number, date: number, now: DateTime): FoundDay | undefined {
  for (let years = 0; years <= 8; years += 1) {
    const found = validDay(now.set({ month: 1, day: 1 }).plus({ years }), { month, date })
    if (found && found.day.startOf('day') >= now.startOf('day')) return found
  }
  return undefined
}

function inMonth({ date, month = '', year, first }: DayGroups, now: DateTime): FoundDay | undefined {
  const given = { month: MONTHS.get(month) ?? 0, date: first ? 1 : Number(date) }
  return year === undefined ? comingDay(given.month, given.date, now) : validDay(now.set({ year: Number(year), month: 1, day: 1 }), given)
}

function inSome(word: string, unitWord: string, now: DateTime): FoundDay | undefined {
  const count = COUNTS.get(word) ?? Number(word)
  const unit = UNITS.get(unitWord)
  if (!unit || !Number.isFinite(count)) return undefined
  const day = now.plus({ [unit]: count })
  return { ...plainDay(day), instant: unit === 'minutes' || unit === 'hours' ? day : null }
}

/** The next such day after today. */
function forward(name: string, now: DateTime): DateTime {
  const wanted = WEEKDAYS.get(name) ?? SHORT_WEEKDAYS.get(name) ?? 1
  return now.plus({ days: (wanted - now.weekday + 6) % 7 + 1 })
}

/** «Vendredi» is the coming one, «vendredi prochain» and "next Friday" that of the next week, «en huit» a week after the coming one. */
function weekdayOf(name: string, { next, nextBehind, inEight }: DayGroups, now: DateTime): FoundDay {
  const coming = forward(name, now)
  if (inEight) return plainDay(coming.plus({ weeks: 1 }))
  if (!next && !nextBehind) return plainDay(coming)
  const nextWeek = now.startOf('week').plus({ weeks: 1 })
  return plainDay(nextWeek.set({ weekday: (WEEKDAYS.get(name) ?? SHORT_WEEKDAYS.get(name) ?? 1) as 1 }))
}

function nextOrdinal(date: number, now: DateTime): FoundDay | undefined {
  for (let months = 0; months <= 12; months += 1) {
    const first = now.set({ day: 1 }).plus({ months })
    if (date >= 1 && date <= (first.daysInMonth ?? 0) && first.set({ day: date }).startOf('day') >= now.startOf('day')) return plainDay(first.set({ day: date }))
  }
  return undefined
}
