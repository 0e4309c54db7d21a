/** Names by their folded words, in both languages; the first list is 1. */
const named = (lists: string[]): Map<string, number> => new Map(lists.flatMap((list, index) => list.split(' ').map((name): [string, number] => [name, index + 1])))

/** 1 is Monday. */
export const WEEKDAYS = named(['monday lundi', 'tuesday mardi', 'wednesday mercredi', 'thursday jeudi', 'friday vendredi', 'saturday samedi', 'sunday dimanche'])
/** Read only where something before them shows that a day is meant («next sat», "on mon"). */
export const SHORT_WEEKDAYS = named(['mon lun', 'tue tues', 'wed weds mer', 'thu thur thurs jeu', 'fri ven', 'sat sam', 'sun dim'])
export const MONTHS = named([
  'january jan janvier janv', 'february feb fevrier fev fevr', 'march mar mars', 'april apr avril avr', 'may mai', 'june jun juin', 'july jul juillet juil',
  'august aug aout', 'september sept sep septembre', 'october oct octobre', 'november nov novembre', 'december dec decembre',
])
export const COUNTS = new Map(Object.entries({
  a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12, fifteen: 15, twenty: 20, thirty: 30,
  un: 1, une: 1, deux: 2, trois: 3, quatre: 4, cinq: 5, sept: 7, huit: 8, neuf: 9, dix: 10, onze: 11, douze: 12, quinze: 15, vingt: 20, trente: 30,
}))

export type Unit = 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years'
export const UNITS = new Map<string, Unit>(Object.entries({
  minute: 'minutes', minutes: 'minutes', min: 'minutes', mins: 'minutes', mn: 'minutes', hour: 'hours', hours: 'hours', hr: 'hours', hrs: 'hours', heure: 'hours', heures: 'hours', h: 'hours',
  day: 'days', days: 'days', jour: 'days', jours: 'days', week: 'weeks', weeks: 'weeks', semaine: 'weeks', semaines: 'weeks', month: 'months', months: 'months', mois: 'months', year: 'years', years: 'years', an: 'years', ans: 'years', annee: 'years', annees: 'years',
}))

/** Parts of a day and the hour that stands for each. */
export const DAY_PARTS = new Map<string, number>(([['morning matin matinee', 9], ['noon midday midi', 12], ['afternoon apres-midi aprem', 15], ['evening soir soiree', 18], ['night tonight', 20]] as const)
  .flatMap(([words, hour]) => words.split(' ').map((word): [string, number] => [word, hour])))

/** Words for a day by how many days they are away; a part of the day may be in them. */
export const NEAR_DAYS: Array<{ phrases: string[]; days: number; part?: string }> = [
  { phrases: ['the day after tomorrow', 'day after tomorrow', 'apres-demain', 'apres demain'], days: 2 },
  { phrases: ['tomorrow', 'tmrw', 'tmr', 'tomoz', 'tommorow', 'tomorow', 'tommorrow', '2morrow', 'demain', 'dmain'], days: 1 },
  { phrases: ['tonight', 'tonite'], days: 0, part: 'night' },
  { phrases: ['this morning', 'ce matin'], days: 0, part: 'morning' },
  { phrases: ['this afternoon', 'cet apres-midi', 'cette apres-midi', 'cet aprem', 'cet apres midi'], days: 0, part: 'afternoon' },
  { phrases: ['this evening', 'ce soir'], days: 0, part: 'evening' },
  { phrases: ['today', 'aujourd\'hui', 'aujourdhui', 'ajd', 'auj', 'later today', 'plus tard aujourd\'hui'], days: 0 },
]
