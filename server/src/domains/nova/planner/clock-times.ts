/** A time of day, or `doubtful`: "at 5" of no half of the day. */
export type ClockTime = { hour: number; minute: number; doubtful: boolean }

const PARTS: Record<string, ClockTime> = {}
for (const [words, hour] of [['morning matin matinee', 9], ['noon midday midi', 12], ['afternoon apres-midi aprem', 15], ['evening soir soiree', 18], ['night tonight', 20]] as const) {
  for (const word of words.split(' ')) PARTS[word] = { hour, minute: 0, doubtful: false }
}

const AT = '(?:a|at|@|vers|around|by|for|pour|avant|before|des|from)'
const HALF = '(?:\\s*(?:du|de l\'|in the|at)\\s*(?<part>matin|soir|apres-midi|aprem|morning|afternoon|evening|night))'
/** Forms of a time; the groups say how it is meant. */
export const CLOCK = `(?:${AT}\\s+)?(?:(?<hour>\\d{1,2})\\s?(?:h|heures?)(?:\\s?(?<minute>\\d{2}))?(?![\\p{L}\\d])${HALF}?|(?<hour>\\d{1,2})(?:[:.h](?<minute>\\d{2}))?\\s?(?<half>[ap]\\.?m\\.?)(?!\\p{L})|(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::00)?(?![\\d:])${HALF}?)|${AT}\\s+(?:(?<hour>\\d{1,2})(?![\\d/.,:-])(?:\\s?o'?clock)?${HALF}?(?=[\\s,.;!?]*$)|(?:the\\s+)?(?<word>noon|midday|midi|midnight|minuit))|(?<word>noon|midday|midi)(?!\\p{L})`
/** Parts of a day: «matin», "in the evening". */
export const DAY_PART = '(?:(?:in\\s+the|au|le|dans\\s+la|dans\\s+l\'|en\\s+fin\\s+de|this)\\s*)?(?<word>morning|matin(?:ee)?|noon|midi|afternoon|apres-midi|aprem|evening|soir(?:ee)?|night)(?!\\p{L})'

export type ClockGroups = Partial<Record<'hour' | 'minute' | 'half' | 'part' | 'word', string>>

const LATE = /^(?:soir|apres-midi|aprem|afternoon|evening|night)$/

/** The time that the groups of CLOCK or DAY_PART mean; undefined when there is no such time, as 25 o'clock. */
export function timeOf({ hour, minute, half, part, word }: ClockGroups, { isEnglish }: { isEnglish: boolean }): ClockTime | undefined {
  if (word !== undefined) return word === 'midnight' || word === 'minuit' ? { hour: 0, minute: 0, doubtful: true } : PARTS[word]
  if (hour === undefined) return undefined
  const given = Number(hour)
  const minutes = Number(minute ?? 0)
  if (given > 23 || minutes > 59) return undefined
  const isLate = half?.startsWith('p') || (part !== undefined && LATE.test(part))
  if (half !== undefined || part !== undefined) {
    if (given > 12 && half !== undefined) return undefined
    return { hour: isLate ? (given < 12 ? given + 12 : given) : half !== undefined && given === 12 ? 0 : given, minute: minutes, doubtful: false }
  }
  // "At 5" may be either half of the day in English; «à 5 h» is not.
  return { hour: given, minute: minutes, doubtful: isEnglish && minute === undefined && given >= 1 && given <= 7 }
}
