import { DateTime } from 'luxon'
import type { Language } from '../../../platform/text.ts'
import { joinTimes, readTime, type ClockTime } from './clock-times.ts'
import { behindAny, wordAt, wordsOf, type Read, type Word } from './date-reader.ts'
import { DAY_PARTS } from './date-words.ts'
import { readDay, type FoundDay } from './days.ts'
import { cut, trim, type Text } from './reading.ts'

/** Hour at which a day without a time is due, in the instance's time zone. */
const DEFAULT_HOUR = 9
/** Dates stand at an end of a text; looking at no more keeps this linear. */
const LOOK_MAX = 100
const WORDS_MAX = 14

/** A date at the end or the beginning of a text as an instant in UTC, and the text without it. `doubtful`: it reads in two ways. */
export type FoundDate = { at: string; doubtful: boolean; rest: Text }

export type DateGiven = { language: Language; now: Date; timeZone: string }

const LEADS = ['no later than', 'au plus tard', 'due on', 'due by', 'due date', 'to be done', 'a faire', 'a rendre', 'a partir de', 'date limite', 'd\'ici', 'due', 'echeance', 'deadline', 'date', 'prevue', 'prevu', 'for', 'pour', 'by', 'avant', 'before', 'until', 'jusqu\'a', 'jusqu\'au', 'starting', 'on', 'le', 'la', 'the', 'at', 'a', 'au', 'ce', 'des', 'c\'est', 'it\'s']
const GAPS = ['at', 'a', 'on', 'le', 'du', 'the', 'et', 'vers', 't']

/** Behind such a word a date belongs to the words before it: «du lundi au vendredi», "every Monday", "the plan of Friday". */
const DANGLING = /(?:^|[\s'(-])(?:of|to|from|de|du|des|d|a|au|aux|the|le|la|l|les|and|et|ou|or|until|till|jusqu|entre|between|since|depuis|after|apres|every|each|chaque|tous|toutes|all|last|dernier|derniere|past|than|que|with|avec|about|sur|my|our|mon|ma|notre|your|is|are|est|in|en|version|chapter|chapitre|page|room|salle|numero|number|\d+|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|lundis?|mardis?|mercredis?|jeudis?|vendredis?|samedis?|dimanches?)[\s'-]*$/

/** Looks at the end of the text first, then at its beginning; a date in the middle of a title stays there. */
export function findDate(text: Text, given: DateGiven): FoundDate | undefined {
  const whole = trim(text)
  const offset = Math.max(0, whole.folded.length - LOOK_MAX)
  const words = wordsOf(whole.folded.slice(offset)).map((word) => ({ ...word, start: word.start + offset, end: word.end + offset }))
  for (let at = Math.max(0, words.length - WORDS_MAX); at < words.length; at += 1) {
    const start = words[at]?.start ?? 0
    if ((at === 0 && offset > 0) || DANGLING.test(whole.folded.slice(Math.max(0, start - 20), start)) || isTitleWord(whole, words, at)) continue
    const found = readDate(words, at, given)
    if (found?.next === words.length) return { ...found.value, rest: trim(cut(whole, 0, start)) }
  }
  return atFront(whole, given)
}

function atFront(whole: Text, given: DateGiven): FoundDate | undefined {
  const words = wordsOf(whole.folded.slice(0, LOOK_MAX))
  const found = readDate(words, 0, given)
  const last = found && words[found.next - 1]
  return found && last && words.length > found.next ? { ...found.value, rest: trim(cut(whole, last.end)) } : undefined
}

/** «Demain» in the middle of a sentence with a capital is a name. */
const isTitleWord = (text: Text, words: Word[], at: number): boolean =>
  at > 0 && /^(?:demain|tomorrow|today|tonight|noon|midi|matin|morning|soir|evening|night)$/.test(wordAt(words, at)) && /^\p{Lu}/u.test(text.plain.slice(words[at]?.start))

/** Reads «pour le 3 mars à 14 h» at a word: a day with or without a time, or a time alone. */
function readDate(words: Word[], from: number, given: DateGiven): Read<{ at: string; doubtful: boolean }> | undefined {
  const now = DateTime.fromJSDate(given.now, { zone: given.timeZone })
  const isEnglish = given.language === 'en'
  for (let at = from, leads = 0; leads < 4; leads += 1) {
    const day = readDay(words, at, { now, isEnglish })
    const time = day ? undefined : readTimes(words, at, isEnglish)
    if (day) {
      const times = readTimes(words, behindAny(words, day.next, GAPS) ?? day.next, isEnglish) ?? readTimes(words, day.next, isEnglish)
      return { value: instantOf(day.value, times?.value, now), next: times?.next ?? day.next }
    }
    if (time) {
      const late = readDay(words, time.next, { now, isEnglish }) ?? readDay(words, behindAny(words, time.next, GAPS) ?? time.next, { now, isEnglish })
      if (late) return { value: instantOf(late.value, time.value, now), next: late.next }
      return { value: comingTime(time.value, now), next: time.next }
    }
    const next = behindAny(words, at, LEADS)
    if (next === undefined) return undefined
    at = next
  }
  return undefined
}

/** One time, or a part of the day and a time. */
function readTimes(words: Word[], at: number, isEnglish: boolean): Read<ClockTime> | undefined {
  const one = readTime(words, at, { isEnglish })
  if (!one) return undefined
  const other = readTime(words, one.next, { isEnglish })
  return other && other.value.part !== one.value.part ? { value: joinTimes(one.value, other.value), next: other.next } : one
}

/** «À 14 h» is the next time that it is 14 h. */
function comingTime({ hour, minute, doubtful }: ClockTime, now: DateTime): { at: string; doubtful: boolean } {
  const today = now.set({ hour, minute, second: 0, millisecond: 0 })
  return written(today > now ? today : today.plus({ days: 1 }), doubtful)
}

function instantOf(found: FoundDay, clock: ClockTime | undefined, now: DateTime): { at: string; doubtful: boolean } {
  if (found.instant && !clock) return written(found.day, found.doubtful)
  const part: ClockTime | undefined = found.part === null ? undefined : { hour: DAY_PARTS.get(found.part) ?? DEFAULT_HOUR, minute: 0, part: true, doubtful: false }
  const time = clock && part && !clock.part ? joinTimes(part, clock) : clock ?? part
  const at = found.day.set({ hour: time?.hour ?? DEFAULT_HOUR, minute: time?.minute ?? 0, second: 0, millisecond: 0 })
  // «Aujourd'hui» said in the afternoon lasts until the end of the day.
  const due = !time && found.day.hasSame(now, 'day') && at <= now ? at.set({ hour: 23, minute: 59 }) : at
  return written(due, found.doubtful || (time?.doubtful ?? false))
}

const written = (when: DateTime, doubtful: boolean): { at: string; doubtful: boolean } => ({ at: when.toUTC().toISO() ?? '', doubtful })
