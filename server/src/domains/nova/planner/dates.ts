import { DateTime } from 'luxon'
import type { Language } from '../../../platform/text.ts'
import { CLOCK, DAY_PART, timeOf, type ClockGroups, type ClockTime } from './clock-times.ts'
import { dayOf, DAYS, type DayGroups, type FoundDay } from './days.ts'
import { cut, trim, without, type Text } from './reading.ts'

/** Hour at which a day without a time is due, in the instance's time zone. */
const DEFAULT_HOUR = 9
/** Dates stand at an end of a text; looking at no more than this keeps it linear. */
const LOOK_MAX = 90

/** A date at the end or the beginning of a text, as an instant in UTC, and the text without it. `doubtful`: it can be read in two ways. */
export type FoundDate = { at: string; doubtful: boolean; rest: Text }

export type DateGiven = { language: Language; now: Date; timeZone: string }

const LEAD = '(?:(?:due(?: on| by| date)?|to be done|a faire|a rendre|echeance|date limite|deadline|dated?|prevue?|c\'est|it\'s|is|from|starting|des|a partir de|for|pour|by|avant|before|d\'ici|until|jusqu\'a|no later than|au plus tard|on|le|la|l\'|ce|this|the|at|a|au|en|in)[\\s:]*)*?'
const GAP = '[\\s,]*(?:(?:at|a|on|le|du|of|the|et|and|vers)[\\s]+)?'
const day = (name: string): string => DAYS.replaceAll('(?<', `(?<${name}`)
const time = (name: string): string => `(?:${CLOCK}|${DAY_PART})`.replaceAll('(?<', `(?<${name}`).replaceAll(`(?<${name}=`, '(?<=').replaceAll(`(?<${name}!`, '(?<!')

// A name may stand once a pattern and alternative: each order is a pattern of its own.
const ORDERS = [`(?:${day('d')})(?:${GAP}(?:${time('t')}))?(?:${GAP}(?:${time('u')}))?`, `(?:${time('t')})${GAP}(?:${day('d')})`, `(?:${time('t')})`]
const AT_END = ORDERS.map((order) => new RegExp(`(?<![\\p{L}\\p{N}'’-])${LEAD}(?:${order})[\\s,.;!?)]*$`, 'u'))
const AT_FRONT = ORDERS.map((order) => new RegExp(`^[\\s,(]*${LEAD}(?:${order})(?![\\p{L}\\p{N}-])[\\s,:]*`, 'u'))

/** Behind such a word a date belongs to the words before it: «du lundi au vendredi», "every Monday", "the plan of Friday". */
const DANGLING = /(?:^|[\s'(])(?:of|to|from|de|du|des|d|a|au|aux|the|le|la|l|les|and|et|ou|or|until|till|jusqu|entre|between|since|depuis|after|apres|every|each|chaque|tous|toutes|all|last|dernier|derniere|past|than|que|with|avec|about|sur|my|our|mon|ma|notre|your|\d+|-|\/|day|week)[\s']*$/

/** Looks at the end of the text first, then at its beginning; a date in the middle of a title stays there. */
export function findDate(text: Text, given: DateGiven): FoundDate | undefined {
  const whole = trim(text)
  const from = Math.max(0, whole.folded.length - LOOK_MAX)
  for (const pattern of AT_END) {
    const found = pattern.exec(whole.folded.slice(from))
    const before = found && cut(whole, 0, from + found.index)
    if (!found || !before || DANGLING.test(before.folded.slice(-20)) || isTitleWord(whole, from + found.index)) continue
    const date = readDate(found.groups ?? {}, given)
    if (date) return { ...date, rest: trim(before) }
  }
  for (const pattern of AT_FRONT) {
    const found = pattern.exec(whole.folded.slice(0, LOOK_MAX))
    const date = found && found[0].trim() !== '' ? readDate(found.groups ?? {}, given) : undefined
    if (found && date) return { ...date, rest: trim(without(whole, 0, found[0].length)) }
  }
  return undefined
}

/** «Demain» in the middle of a sentence with a capital is a name. */
const isTitleWord = (text: Text, at: number): boolean => at > 0 && /^\s*(?:Demain|Tomorrow|Today|Tonight|Midi|Noon|Matin|Morning|Soir|Evening|Night)(?!\p{L})/u.test(text.plain.slice(at))

const pick = (groups: Record<string, string | undefined>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(groups).flatMap(([key, value]) => (key.startsWith(name) && value !== undefined ? [[key.slice(name.length), value]] : [])))

function readDate(groups: Record<string, string | undefined>, given: DateGiven): { at: string; doubtful: boolean } | undefined {
  const now = DateTime.fromJSDate(given.now, { zone: given.timeZone })
  const dayGroups = pick(groups, 'd') as DayGroups
  const isEnglish = given.language === 'en'
  const times = [pick(groups, 't'), pick(groups, 'u')].filter((one) => Object.keys(one).length > 0).map((one) => timeOf(one as ClockGroups, { isEnglish }))
  if (times.includes(undefined)) return undefined
  const clock = combineTimes(times as ClockTime[])
  if (Object.keys(dayGroups).length === 0) return clock && timeAlone(clock, now)
  const found = dayOf(dayGroups, { now, isEnglish })
  return found && at(found, clock, now)
}

/** «demain soir à 8 h», "tomorrow morning at 7": the part of the day says which half is meant. */
function combineTimes([one, other]: ClockTime[]): ClockTime | undefined {
  if (!one || !other) return one
  const [part, clock] = one.minute === 0 && [9, 15, 18, 20].includes(one.hour) ? [one, other] : [other, one]
  return part.hour >= 15 && clock.hour < 12 ? { ...clock, hour: clock.hour + 12, doubtful: false } : { ...clock, doubtful: false }
}

/** «À 14 h» is the next time that it is 14 h. */
function timeAlone({ hour, minute, doubtful }: ClockTime, now: DateTime): { at: string; doubtful: boolean } {
  const today = now.set({ hour, minute, second: 0, millisecond: 0 })
  return written(today > now ? today : today.plus({ days: 1 }), doubtful)
}

function at(found: FoundDay, clock: ClockTime | undefined, now: DateTime): { at: string; doubtful: boolean } {
  if (found.instant && !clock) return written(found.instant, found.doubtful)
  const time = clock ?? (found.part ? { ...found.part } : undefined)
  const merged = clock && found.part && clock.hour < 12 && found.part.hour >= 15 ? { ...clock, hour: clock.hour + 12, doubtful: false } : time
  const start = found.day.set({ hour: merged?.hour ?? DEFAULT_HOUR, minute: merged?.minute ?? 0, second: 0, millisecond: 0 })
  // «Aujourd'hui» said in the afternoon lasts until the end of the day.
  const due = !merged && found.day.hasSame(now, 'day') && start <= now ? found.day.set({ hour: 23, minute: 59, second: 0, millisecond: 0 }) : start
  return written(due, found.doubtful || (merged?.doubtful ?? false))
}

const written = (when: DateTime, doubtful: boolean): { at: string; doubtful: boolean } => ({ at: when.toUTC().toISO() ?? '', doubtful })
