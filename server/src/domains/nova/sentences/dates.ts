import { en, fr, type Chrono, type ParsedResult } from 'chrono-node'
import { DateTime } from 'luxon'
import type { Language } from '../../../platform/text.ts'

/** Hour at which a day without a time is due, in the instance's time zone. */
const DEFAULT_HOUR = 9
const TEXT_MAX = 500

export type FoundDate = { at: string; start: number; end: number }

/**
 * A date at the beginning or the end of a text, as an instant in UTC. Read in the given time zone, forward: «vendredi» is
 * the next one. A day without a time is due at 9:00. Undefined when there is none, or one in the middle of a title.
 */
export function findDate(text: string, given: { language: Language; now: Date; timeZone: string }): FoundDate | undefined {
  if (text.length > TEXT_MAX) return undefined
  const local = DateTime.fromJSDate(given.now, { zone: given.timeZone })
  const reader: Chrono = given.language === 'fr' ? fr.casual : en.casual
  const normal = given.language === 'fr' ? frenchHours(text) : text
  const found = reader.parse(normal, { instant: given.now, timezone: local.offset }, { forwardDate: true }).filter(isCertain)
  const place = found.findLast((result) => isAtEdge(normal, result))
  if (!place) return undefined
  const { start } = place
  const hasTime = start.isCertain('hour') || /\b(?:ce soir|tonight|midi|noon|minuit|midnight|matin|morning|apres-midi|après-midi|afternoon|evening|soir)\b/i.test(place.text)
  const wall = { year: start.get('year') ?? local.year, month: start.get('month') ?? local.month, day: start.get('day') ?? local.day }
  const at = DateTime.fromObject({ ...wall, hour: hasTime ? start.get('hour') ?? DEFAULT_HOUR : DEFAULT_HOUR, minute: hasTime ? start.get('minute') ?? 0 : 0 }, { zone: given.timeZone })
  const from = leadIn(normal, place.index)
  return at.isValid ? { at: at.toUTC().toISO({ suppressMilliseconds: false }), start: from, end: place.index + place.text.length } : undefined
}

/** «14 h», «9h30» as chrono's French reads them best; of the same length, so that places stay places. */
const frenchHours = (text: string): string => text
  .replace(/(\d{1,2}) ?[hH] ?(\d{2})\b/g, (whole, hour: string, minute: string) => `${hour}h${minute}`.padStart(whole.length))
  .replace(/(\d{1,2}) ([hH])(?![\p{L}\d])/gu, ' $1$2')

const TODAY = /\b(?:ce soir|cet après-midi|ce matin|cette nuit|ce midi|tonight|today|aujourd'hui)\b/i

/** A bare number or a single word of doubt is no date: «3 mars» the day is, «3 mars bars» is cut by the edge rule. */
const isCertain = ({ start, text }: ParsedResult): boolean => /\p{L}|[/:-]/u.test(text) && (TODAY.test(text) || start.isCertain('day') || start.isCertain('weekday') || start.isCertain('hour') || start.isCertain('month'))

function isAtEdge(text: string, { index, text: found }: ParsedResult): boolean {
  const before = text.slice(0, leadIn(text, index)).trim()
  const after = text.slice(index + found.length).replace(/[\s,.;!?]+$/, '').trim()
  return after === '' || before === ''
}

const LEAD_IN = /(?:[\s,]*\b(?:for|by|on|at|due|due on|due by|before|until|until the|pour|pour le|avant|avant le|le|la|d'ici|a|à|au|ce|cet|cette|echeance|échéance|à faire pour|to be done by|from|starting)\b[\s:]*)+$/i

/** Where the words that lead to a date begin: «pour le», "due on". */
function leadIn(text: string, index: number): number {
  const from = Math.max(0, index - 40)
  const found = LEAD_IN.exec(text.slice(from, index))
  return found ? from + found.index : index
}
