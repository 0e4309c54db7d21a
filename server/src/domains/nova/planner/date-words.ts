/** Days of the week and months by their folded names, in both languages; 1 is Monday, and January. */
const named = (lists: string[]): Map<string, number> => new Map(lists.flatMap((list, index) => list.split(' ').map((name): [string, number] => [name, index + 1])))

export const WEEKDAYS = named(['monday lundi', 'tuesday mardi', 'wednesday mercredi', 'thursday jeudi', 'friday vendredi', 'saturday samedi', 'sunday dimanche'])
/** Read only where something else shows that a day is meant («next sat», "mon 3 march"). */
export const SHORT_WEEKDAYS = named(['mon lun', 'tue tues', 'wed mer', 'thu thur thurs jeu', 'fri ven', 'sat sam', 'sun dim'])
export const MONTHS = named([
  'january jan janvier janv', 'february feb fevrier fev fevr', 'march mar mars', 'april apr avril avr', 'may mai', 'june jun juin', 'july jul juillet juil',
  'august aug aout', 'september sept sep septembre', 'october oct octobre', 'november nov novembre', 'december dec decembre',
])
export const COUNTS = new Map(Object.entries({
  a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12, fifteen: 15, twenty: 20, thirty: 30, 'a couple of': 2, couple: 2,
  un: 1, une: 1, deux: 2, trois: 3, quatre: 4, cinq: 5, sept: 7, huit: 8, neuf: 9, dix: 10, onze: 11, douze: 12, quinze: 15, vingt: 20, trente: 30,
}))

export type Unit = 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years'
export const UNITS = new Map<string, Unit>(Object.entries({
  minute: 'minutes', minutes: 'minutes', min: 'minutes', mins: 'minutes', mn: 'minutes', hour: 'hours', hours: 'hours', hr: 'hours', hrs: 'hours', heure: 'hours', heures: 'hours', h: 'hours',
  day: 'days', days: 'days', jour: 'days', jours: 'days', week: 'weeks', weeks: 'weeks', semaine: 'weeks', semaines: 'weeks', month: 'months', months: 'months', mois: 'months', year: 'years', years: 'years', an: 'years', ans: 'years', annee: 'years', annees: 'years',
}))

export const alternatives = (names: Iterable<string>): string => [...names].toSorted((a, b) => b.length - a.length).join('|')
