import { verbAt } from './verbs.ts'

export type Mood = 'question' | 'negation' | 'report' | 'condition' | 'quotation'

const CONDITION = /(?:^|[\s,;(])(?:if|unless|whenever|in case|as soon as|provided|assuming|until|as long as|once|when|si|s'il(?! (?:te|vous) plait)|s'ils|s'elle|quand|lorsque|lorsqu'\w+|des que|des qu'\w+|a moins que|a moins qu'\w+|au cas ou|tant que|pourvu que|a condition|en cas|une fois que|une fois qu'\w+|sinon|otherwise|or else)(?=[\s,]|$)/
const POLITE_CONDITION = /(?:^|[\s,])(?:if (?:you (?:can|could|don't mind|please|would|want|like)|possible)|si (?:tu (?:peux|veux|veux bien|pouvais|le veux)|vous (?:pouvez|voulez|voulez bien|le voulez)|possible|c'est possible)|quand tu (?:peux|pourras|as le temps)|when you (?:can|get a chance|have time|have a moment)|quand vous (?:pouvez|pourrez))(?=[\s,.!?]|$)/g
const NEGATION = /(?:^|[\s,;('])(?:don't|dont|don t|do not|never|not|no longer|stop|without|avoid|refrain|cancel|forget|nevermind|never mind|ne|n'\w+|pas|jamais|surtout pas|arrete|arretez|cesse|cessez|evite|evitez|annule|annulez|oublie|oubliez|inutile|sans|cannot|can't|won't|shouldn't|wouldn't|mustn't|didn't|doesn't|haven't|no)(?=[\s,.!?']|$)/
const QUESTION = /^(?:how|what|why|where|who|whom|whose|which|when (?:is|are|was|were|will|do|does|did|should|can|could|would)|should|shall|is|are|was|were|does|do i|do you|do we|did|has|have|had|may|might|can (?:i|we|notes?|tasks?|one|it|they|the|nova|people|somebody|someone|a|an)|could (?:i|we|one|it|the)|would (?:it|deleting|i|the)|am i|comment|pourquoi|ou est-ce|ou (?:se|sont|est)|qui|que|qu'est|qu'\w+|quels?|quelles?|combien|est-ce (?:que|qu')(?! ?(?:tu|vous) (?:peux|pouvez|pourrais|pourriez|veux|voulez))|dois-je|devrais-je|puis-je|faut-il|peut-on|pourrait-on|doit-on|y a-t-il|ai-je|as-tu|avez-vous|a-t-on|sais-tu|savez-vous|do you know|tell me (?:how|what|why|if|whether)|explain|explique|expliquez|dis-moi (?:comment|si|ce|pourquoi|ou|qui)|is it|i wonder|je me demande|savoir (?:comment|si|pourquoi)|know (?:how|if|whether|why)|tu sais|vous savez)(?=[\s,?'-]|$)/
const REPORT = /^(?:(?:i|we|he|she|they|you|it|someone|somebody|nobody|everyone|je|j'\w*|tu|il|elle|on|nous|vous|ils|elles|ca|c'est|c'etait|ceci|cela|this|that|there|the|my|our|your|his|her|their|le|la|les|l'\w*|mon|ma|mes|notre|votre|son|sa|ses|paul|marie|bob|yesterday|hier|today|just|already|deja)(?=[\s,']|$))/
const SAYING = /\b(?:said|says|say that|told|wrote|asked|asks|replied|dit|disait|a dit|disent|ecrit|a ecrit|demande|demandait|repondu|raconte|pretend|affirme|the (?:word|phrase|sentence|command|text)|le mot|la phrase|le texte|l'expression|la commande|l'ordre|means|signifie|veut dire|translate|traduis|traduire|repete|repeat|quote|cite)\b/

/**
 * Why a clause that does not begin as a command is none. What begins as a command is checked too, for a condition or a
 * negation near its verb. Null: nothing speaks against a command.
 */
export function moodOf(folded: string): Mood | null {
  const conditional = CONDITION.test(folded.replace(POLITE_CONDITION, ' '))
  if (/^(?:when|quand|lorsque)\b[^?]*,/.test(folded)) return 'condition'
  if (QUESTION.test(folded)) return 'question'
  if (SAYING.test(folded)) return 'quotation'
  if (conditional) return 'condition'
  if (NEGATION.test(folded)) return 'negation'
  if (REPORT.test(folded)) return 'report'
  return /\?\s*$/.test(folded) ? 'question' : null
}

/** A condition anywhere, a negation at the front, or an afterthought at the end takes a command back. */
export function spoils(folded: string): Mood | null {
  if (CONDITION.test(folded.replace(POLITE_CONDITION, ' '))) return 'condition'
  if (/(?:^|[\s,;])(?:no wait|wait|actually don't|actually no|attends|non attends|finalement non|en fait non|laisse tomber|never ?mind|just kidding|je plaisante|je rigole|ou pas|or not|oublie ca|forget it|scratch that)(?=[\s,.!?]|$)/.test(folded)) return 'negation'
  return null
}

export const startsNegated = (folded: string): boolean =>
  /^(?:please |s'il (?:te|vous) plait,? |stp,? |svp,? |but |mais |and |et |surtout,? )*(?:(?:don't|dont|do not|never|not|surtout pas|stop|arrete[sz]?|cesse[sz]?|evite[sz]?|avoid|refrain)(?![a-z])|ne |n'|pas |jamais |no need|inutile|you (?:must|should|may) not|you (?:mustn't|shouldn't|can't)|tu ne |vous ne |il ne faut |il ne faudrait |je ne |i don't|i do not|i didn't|under no|en aucun cas|whatever you do)/.test(folded)

/** Whether a clause begins with a verb that asks for something. */
export const startsWithVerb = (folded: string, plain: string): boolean => verbAt(folded, plain) !== undefined
