import type { ClauseResult } from './clause.ts'
import { findObject, skipConnectors } from './objects.ts'
import { referenceField, referenceType } from './planner-tool.ts'
import { fold, MARK, plainTitle, restore } from './reading.ts'
import { command, unsure, type Filler, type Scene } from './scene.ts'
import { findAmounts } from './amounts.ts'

const KIND = "message|messages|msg|email|e-mail|mail|mel|text|text message|note|letter|line|courriel|sms|texto|mot|lettre|mp|petit mot|petit message|reponse"
const OBJECT = new RegExp(`^(?:(?:a|an|the|un|une|le|la|ce|my|mon|quick|short|petit)\\s+)*(?:${KIND})\\b\\s*`)
const SAYING = /[\s,]+(?:saying|to say|that says|which says|and (?:say|tell (?:him|her|them))|telling (?:him|her|them)|with (?:the )?(?:text|message|body|content)|reading|disant|qui dit|pour (?:lui |leur )?dire|et dis(?:-lui|-leur)?|avec (?:le |pour )?(?:texte|message|contenu|corps)|en (?:lui |leur )?disant|know)(?:\s+(?:that|que|qu'))?(?:\s+|(?<='))|[\s,]+(?:that|que)\s+|[\s,]+qu'/
const SUBJECT = /[\s,]+(?:(?:with|avec)(?: the| le| l'| pour| comme)? ?)?(?:subject|titled|objet|sujet|intitule)(?: line)?(?: is| est)?\s*/
const TO = /^(?:to|a|au|aux|pour|for|chez)\s+/

/** «Envoie un message à Marie : je serai en retard», "email bob@x.org saying hi", «dis à Paul que…». */
export const fillSend: Filler = (scene, [tool]) => {
  if (!tool) return undefined
  const spoken = fold(scene.span)
  const object = OBJECT.exec(scene.folded)?.[0].length ?? 0
  const isKind = object > 0
  if (isKind && /\b(?:create|cree|make|add|ajoute)\b/.test(spoken) && !TO.test(scene.folded.slice(object))) return undefined
  if (/^-?(?:me|moi|us|nous)(?![\p{L}])/u.test(scene.folded)) return { kind: 'question', apart: false, sentence: false }
  const quotedFirst = new RegExp(`^(${MARK})\\s+(?:to|a|au|aux)\\s+`).exec(scene.folded)
  if (quotedFirst?.[1] && scene.tail === null) return readMessage({ ...scene, tail: plainTitle(quotedFirst[1], scene.literals) }, tool.name, { plain: scene.plain.slice(quotedFirst[0].length), folded: scene.folded.slice(quotedFirst[0].length) })
  const rest = { plain: scene.plain.slice(object), folded: scene.folded.slice(object) }
  const to = TO.exec(rest.folded)?.[0].length ?? 0
  const direct = /\b(?:email|e-mail|mail|message|text|tell|inform|notify|let|ping|previens|prevenez|prevenir|informe\w*|avertis\w*|avise\w*|write to|ecris a|ecrivez a|ecrire a|shoot|drop)\b/.test(spoken)
  if (to === 0 && !direct) return byRecipientFirst(scene, tool.name, rest, { isKind })
  if (!isKind && !direct && scene.tail === null && !SAYING.test(rest.folded) && !new RegExp(MARK).test(rest.plain)) return undefined
  return readMessage(scene, tool.name, { plain: rest.plain.slice(to), folded: rest.folded.slice(to) })
}

/** "Send Bob a message: hi". */
function byRecipientFirst(scene: Scene, tool: string, rest: { plain: string; folded: string }, { isKind }: { isKind: boolean }): ClauseResult | undefined {
  const found = new RegExp(`\\s+(?:a|an|un|une)\\s+(?:quick |short |petit )?(?:${KIND})\\b`).exec(rest.folded)
  if (found && !isKind) return readMessage(scene, tool, { plain: `${rest.plain.slice(0, found.index)}${rest.plain.slice(found.index + found[0].length)}`, folded: `${rest.folded.slice(0, found.index)}${rest.folded.slice(found.index + found[0].length)}` })
  return isKind && scene.verb.classes.includes('send') && /\b(?:send|envoie\w*|envoye\w*|envoyer)\b/.test(fold(scene.span)) ? unsure('To whom?', 'À qui ?', { candidates: [tool], missing: ['to'] }) : undefined
}

function readMessage(scene: Scene, tool: string, { plain, folded }: { plain: string; folded: string }): ClauseResult {
  const args: Record<string, unknown> = {}
  const saying = SAYING.exec(folded)
  let head = saying ? plain.slice(0, saying.index) : plain
  let body = saying ? restore(unquote(plain.slice(saying.index + saying[0].length), scene), scene.literals) : ''
  const subject = SUBJECT.exec(fold(head))
  if (subject) {
    args.subject = plainTitle(head.slice(subject.index + subject[0].length).replace(new RegExp(`^(${MARK}).*$`), '$1'), scene.literals)
    const after = head.slice(subject.index + subject[0].length)
    head = head.slice(0, subject.index)
    const second = after.match(new RegExp(MARK, 'g'))?.[1]
    if (body === '' && second) body = plainTitle(second, scene.literals)
  }
  const quoted = new RegExp(`\\s*,?\\s*(${MARK})\\s*$`).exec(head)
  if (body === '' && quoted?.[1] && quoted.index > 0) {
    body = plainTitle(quoted[1], scene.literals)
    head = head.slice(0, quoted.index)
  }
  if (scene.tail !== null) body = body === '' ? scene.tail.replace(/^“([^”]*)”$/, '$1') : `${body}: ${scene.tail}`
  const to = plainTitle(head.replace(new RegExp(`\\s+(?:a|an|un|une)\\s+(?:quick |short |petit )?(?:${KIND})$`, 'i'), '').replace(/^(?:my |mon |ma |le |la )(?=contact )/i, '').replace(/^contact\s+/i, '').replace(/[\s,]+$/, ''), scene.literals)
  if (to === '') return unsure('To whom?', 'À qui ?', { candidates: [tool], missing: ['to'] })
  if (to.length > 80 || /\b(?:et|and)\b.*@|,/.test(to)) return unsure('To one person at a time, please.', 'À une personne à la fois, s’il vous plaît.', { candidates: [tool], missing: ['to'] })
  if (body.trim() === '') return unsure('What should the message say?', 'Que doit dire le message ?', { candidates: [tool], missing: ['body'] })
  return { kind: 'commands', commands: [{ tool, args: { to, ...args, body: body.trim() }, confidence: 0.9, language: scene.language, span: scene.span }] }
}

function unquote(text: string, scene: Scene): string {
  const trimmed = text.trim()
  return trimmed.length === 1 ? plainTitle(trimmed, scene.literals) : trimmed
}

/** «Écris dans le fil Projet : bonjour», "post “hi” in the thread X", "reply in thread X saying yes". */
export const fillPost: Filler = (scene, tools) => {
  const [tool] = tools
  const field = tool && referenceField(tool)
  if (!tool || !field) return undefined
  const found = new RegExp(`^(?:\\s*(${MARK})\\s*|((?:un |une |a |the |le |ce )?(?:message|commentaire|comment|reply|reponse)\\s*))?(?:dans|in|into|to|on|sur|au|a|under)\\s+`).exec(scene.folded)
  if (!found || /(?:^|\s)a\s+$/i.test(scene.plain.slice(0, found[0].length))) return undefined
  const rest = scene.folded.slice(found[0].length)
  const object = findObject(rest, tools) ?? (/^(?:au|to)\s/.test(found[0].trim()) ? findObject(rest, tools) : undefined)
  if (!object || object.plural) return undefined
  const from = found[0].length + object.length
  const saying = SAYING.exec(scene.folded.slice(from))
  const before = saying ? scene.plain.slice(from, from + saying.index) : scene.plain.slice(from)
  const lead = skipConnectors(fold(before))
  const marks = before.match(new RegExp(MARK, 'g')) ?? []
  const title = plainTitle(marks.length === 2 ? marks[0] ?? '' : before.slice(lead), scene.literals)
  const said = saying ? scene.plain.slice(from + saying.index + saying[0].length).trim() : marks.length === 2 ? marks[1] ?? '' : found[1] ?? ''
  const text = scene.tail ?? (said.length === 1 ? plainTitle(said, scene.literals) : restore(said, scene.literals))
  if (title === '') return unsure('In which thread?', 'Dans quel fil ?', { candidates: [tool.name], missing: [field.name] })
  if (text === '') return unsure('What should be written there?', 'Que faut-il y écrire ?', { candidates: [tool.name], missing: ['text'] })
  return command(scene, tool, { [field.name]: { ref: referenceType(field), title }, text: text.replace(/^“([^”]*)”$/, '$1') })
}

/** True when a clause speaks of money, so that «envoie 50 € à Paul» is no message. */
export const speaksOfMoney = (scene: Scene): boolean => findAmounts(scene.plain, scene.language).some(({ currency }) => currency !== null)
