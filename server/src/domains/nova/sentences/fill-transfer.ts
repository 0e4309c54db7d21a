import { findAmounts } from './amounts.ts'
import type { ClauseResult } from './clause.ts'
import { speaksOfMoney } from './fill-message.ts'
import { skipConnectors } from './objects.ts'
import type { Reference } from './plan-offline.ts'
import { fold, MARK, plainTitle } from './reading.ts'
import { command, unsure, type Filler, type Scene } from './scene.ts'
import { placeAtEnd, sphereNamed } from './spheres-named.ts'

const TYPE_WORDS: Record<string, string[]> = { note: ['note', 'memo'], task: ['task', 'tache', 'todo', 'to-do'], thread: ['thread', 'fil', 'conversation', 'discussion'] }
const DETERMINER = /^(?:the|my|this|la|le|l'|ma|mon|cette|ce|une|un|a)\s*/
const IDENTITY = /[\s,]+(?:to|into|vers|a|dans|sur|under)\s+(?:the |my |l'|mon |la |ma |une )?(?:identite|identity|profil|profile)\s+(?:called |nommee |named |de |d')?(.+)$|[\s,]+(?:to|into|vers|a|dans)\s+(?:my|mon|the|l')\s+(.+?)\s+(?:identity|profile)$/

/** «Déplace la note X dans Entreprise», "move the task Y to my Work identity". */
export const fillTransfer: Filler = (scene, tools) => {
  const [tool] = tools
  const types = tool?.fields.find(({ name }) => name === 'type')?.choices
  if (!tool || !types || speaksOfMoney(scene)) return undefined
  const determiner = DETERMINER.exec(scene.folded)?.[0].length ?? 0
  const type = types.find((one) => (TYPE_WORDS[one] ?? [one]).some((word) => new RegExp(`^${word}(?![\\p{L}-])`, 'u').test(scene.folded.slice(determiner))))
  if (!type) return undefined
  const word = (TYPE_WORDS[type] ?? [type]).find((one) => scene.folded.slice(determiner).startsWith(one)) ?? ''
  const from = determiner + word.length
  const rest = { folded: scene.folded.slice(from), plain: scene.plain.slice(from) }
  const identity = IDENTITY.exec(rest.folded)
  const place = identity ? undefined : placeAtEnd(rest.folded) ?? quotedPlace(rest, scene)
  const end = identity?.index ?? place?.start
  const lead = skipConnectors(rest.folded)
  const title = plainTitle(rest.plain.slice(lead, end), scene.literals)
  if (title === '' || scene.tail !== null) return unsure('Which one do you mean? Name one, by its title.', 'Lequel ou laquelle ? Nommez-en un seul, par son titre.', { candidates: [tool.name], missing: ['id'] })
  const id: Reference = { ref: type, title }
  if (place) return command(scene, tool, { type, id, sphere_id: place.code })
  if (!identity) return unsure('To which sphere or identity?', 'Vers quelle sphère ou quelle identité ?', { candidates: [tool.name], missing: ['sphere_id', 'identity_id'] })
  const name = identity[1] ?? identity[2] ?? ''
  const at = identity.index + identity[0].lastIndexOf(name)
  return command(scene, tool, { type, id, identity_id: { ref: 'identity', title: plainTitle(rest.plain.slice(at, at + name.length), scene.literals) } })
}

/** «… dans la sphère "Entreprise"». */
function quotedPlace({ folded, plain }: { folded: string; plain: string }, scene: Scene): { code: string; start: number } | undefined {
  const found = new RegExp(`[\\s,]+(?:to|into|in|vers|dans|en|a)\\s+(?:the |la |ma |my )?(?:sphere )?(${MARK})(?: sphere)?\\s*$`).exec(folded)
  const code = found?.[1] === undefined ? undefined : sphereNamed(fold(plainTitle(plain.charAt(found.index + found[0].indexOf(found[1])), scene.literals)))
  return found && code ? { code, start: found.index } : undefined
}

const REFERENCE = /[\s,(]+(?:(?:with|avec)(?: the| la| pour| comme)? )?(?:reference|ref\.?|motif|communication|memo|libelle|invoice|facture|for invoice|pour la facture|for|pour|concerning|regarding|au titre de)\s*(?:number |numero |n° |no\.? |#)?(?=\S)/
const LEAD_TO = /^[\s,]*(?:to|a|au|aux|pour|for|chez|towards|vers|in favou?r of|en faveur de|a l'ordre de|the|le|la|un|une|virement|paiement|payment|transfer|versement|de|d'|of|somme|la somme|amount|l'amount|montant|le montant|l')(?:\s+|(?<=')|$)/

/** «Paie 1 250,50 € à Dupont SA référence FAC-12», "pay Bob $50": one amount, one beneficiary; what is missing is asked. */
export const fillPay: Filler = (scene, [tool]) => {
  if (!tool) return undefined
  const isOnlyPay = /\b(?:pay|paie|paye|payer|payez|wire|remit|virement|paiement|payment|reimburse|rembourse\w*|verse\w*|settle|regle\w*)\b/.test(fold(scene.span))
  const amounts = findAmounts(scene.plain, scene.language)
  if (!isOnlyPay && !amounts.some(({ currency }) => currency !== null)) return undefined
  if (/^(?:(?:un|le|a|the)\s+)?(?:message|mail|email|courriel|sms)\b/.test(scene.folded)) return undefined
  const ask = (en: string, fr: string, missing: string): ClauseResult => unsure(en, fr, { candidates: [tool.name], missing: [missing] })
  const [amount, second] = amounts
  if (!amount) return ask('How much, and in which currency?', 'Combien, et dans quelle devise ?', 'amount_minor')
  if (second && second.currency !== null && amount.currency !== null) return ask('Which amount? I see several.', 'Quel montant ? J’en vois plusieurs.', 'amount_minor')
  if (amount.currency === null) return ask('In which currency?', 'Dans quelle devise ?', 'currency')
  if (amount.doubtful || amount.amountMinor <= 0) return ask('Please write the amount without doubt, such as 1250.50 EUR.', 'Écrivez le montant sans ambiguïté, par exemple 1250,50 EUR.', 'amount_minor')
  const { beneficiary, reference } = parties(scene, amount)
  const isQuoted = scene.literals.includes(beneficiary)
  if (/[-−–]\s*$/.test(scene.plain.slice(0, amount.start)) || (!isQuoted && DOUBTFUL.test(fold(` ${beneficiary} `)))) return ask('Please say one exact amount and one beneficiary, now; put a name with “and” in quotes.', 'Dites un montant exact et un seul bénéficiaire, maintenant ; mettez entre guillemets un nom qui contient « et ».', 'beneficiary')
  if (beneficiary === '') return ask('To whom?', 'À qui ?', 'beneficiary')
  return command(scene, tool, { beneficiary, amount_minor: amount.amountMinor, currency: amount.currency, ...(reference ? { reference } : {}) })
}

function parties(scene: Scene, { start, end }: { start: number; end: number }): { beneficiary: string; reference: string | undefined } {
  const around = `${scene.plain.slice(0, start).trimEnd()} ${scene.plain.slice(end).trimStart()}`.trim()
  const named = strip(around)
  const found = REFERENCE.exec(fold(named))
  const reference = found && found.index > 0 ? plainTitle(named.slice(found.index + found[0].length).replace(/[)\s]+$/, ''), scene.literals) : scene.tail ?? undefined
  return { beneficiary: plainTitle(afterBill(strip(found && found.index > 0 ? named.slice(0, found.index) : named)), scene.literals), reference }
}

function strip(text: string): string {
  let rest = text.trim()
  for (let tries = 0; tries < 8; tries += 1) {
    const found = LEAD_TO.exec(fold(rest))?.[0].length ?? 0
    if (found === 0) break
    rest = rest.slice(found).trim()
  }
  return rest.replace(/\s+(?:de|d'|of|la somme de|to|a|à)$/i, '').trim()
}

/** Words that no beneficiary's bare name holds: another amount, a choice, a date, a negation. */
const DOUBTFUL = /[\s'](?:and|or|et|ou|minus|plus|half|moitie|between|entre|moins|jamais|never|pas|not|tomorrow|demain|every|chaque|tous|today|aujourd|tonight|next|prochain\w*|monthly|weekly|each|if|si|when|quand|cents?|centimes?|percent|%|-)[\s'.,]|\s\d+[.,\d]*\s/

const BILL = /^(?:(?:ma|mon|mes|my|the|his|her)\s+)?(?:facture|note|loyer|addition|bill|invoice|rent|solde|balance|cotisation|somme|commande|order)(?:\s+(?:de|d'|of|du))?\s+(?:to|a|au|aux|chez|de|from|for)\s+/

/** «La facture de 89,99 $ à Hydro» pays Hydro. */
const afterBill = (text: string): string => text.slice(BILL.exec(fold(text))?.[0].length ?? 0)
