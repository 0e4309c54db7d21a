import type { Text } from './reading.ts'
import { tellsOf } from './verbs.ts'

/** What a sentence is when it is no command. */
export type Mood = 'question' | 'negation' | 'report' | 'condition' | 'quotation'

const words = (source: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}'])(?:${source})(?![\\p{L}\\p{N}])`, 'u')

const POLITE_CONDITION = /(?<![\p{L}])(?:if (?:you (?:can|could|don't mind|please|would|want|like|have (?:a|the) (?:time|moment|minute))|possible|that's ok|it's not too much trouble)|as soon as (?:possible|you can)|si (?:tu (?:peux|veux|veux bien|pouvais|le veux|as (?:le temps|deux minutes|une minute))|vous (?:pouvez|voulez|voulez bien|le voulez|pouviez|avez le temps)|possible|c'est possible|ca (?:te|vous) va)|des que (?:possible|tu (?:peux|pourras))|quand (?:tu (?:peux|pourras|as (?:le temps|un moment|une minute|deux minutes))|t'as (?:le temps|deux minutes)|vous (?:pouvez|pourrez|avez (?:le temps|un moment)))|when(?:ever)? you (?:can|get a (?:chance|moment|minute|sec|second)|have (?:time|a (?:moment|minute|sec|second|chance))))(?![\p{L}])/gu
const CONDITION = words("if|unless|whenever|in case|as soon as|provided|providing|assuming|suppos(?:e|ing)|until|till|as long as|once|when|whether|si|s'il(?![ -](?:te|vous)[ -]plait)|s'ils|quand|lorsque|lorsqu'\\p{L}+|des que|des qu'\\p{L}+|a moins (?:que|de|d'\\p{L}+|qu'\\p{L}+)|au cas ou|tant que|tant qu'\\p{L}+|pourvu (?:que|qu'\\p{L}+)|a condition (?:que|de|qu'\\p{L}+)|en cas (?:de|d'\\p{L}+)|une fois (?:que|qu'\\p{L}+)|sinon|otherwise|or else|dans le cas ou|suppose que|imagine que|imagine|only after|hypothetically|en supposant")
const NEGATION = words("don't|dont|don t|do not|never|not|no longer|stop|without|avoid|refrain|cancel|forget|nevermind|never mind|ne|n'\\p{L}+|pas|jamais|surtout pas|arrete|arretez|cesse|cessez|evite|evitez|annule|annulez|oublie|oubliez|inutile|sans|cannot|can't|cant|won't|shouldn't|wouldn't|mustn't|didn't|doesn't|haven't|isn't|aren't|no|aucun|aucune|rien|plus besoin|interdiction|interdit|defense de|hands off|leave|keep|garde|gardez|touche pas|laisse|laissez")
const QUESTION = /^(?:how|what|what's|whats|why|where|where's|who|who's|whom|whose|which|when|should|shall|is|are|was|were|does|do (?:i|you|we|they)|did|has|have (?:i|you|we|they)|had|may|might|am i|ain't|isn't|aren't|didn't|doesn't|don't you|can (?!(?:you|u)(?![\p{L}]))|could (?!(?:you|u)(?![\p{L}]))|would (?!(?:you|u)(?![\p{L}]))|will (?!(?:you|u)(?![\p{L}]))|comment|pourquoi|ou est|ou sont|ou se|ou (?:puis|peut|dois|faut|est-ce)|d'ou|qui|que (?:se|fait|faire|faut|veut|signifie|dois|puis|peux|peut|contient|contiennent|devient)|qu'est|qu'\p{L}+|quoi|quels?|quelles?|lesquels|lequel|laquelle|combien|est-ce|est ce|es-tu|etes-vous|dois-je|devrais-je|puis-je|pourrais-je|faut-il|peut-on|pourrait-on|pouvons-nous|doit-on|devrait-on|y a-t-il|ai-je|as-tu|avez-vous|a-t-on|a-t-il|a-t-elle|sais-tu|savez-vous|sait-on|connais-tu|crois-tu|penses-tu|je peux|on peut|tell me (?:how|what|why|if|whether|where|when|who|about|more)|explain|explique|explique-moi|expliquez|expliquez-moi|describe|dis-moi (?:comment|ce|si|pourquoi|ou|qui|quel|combien|quand)|dites-moi (?:comment|ce|si|pourquoi|ou|qui|quel|combien|quand)|is it|i wonder (?:how|what|why|whether|if i)|je me demande|rappelle-moi (?:comment|ce que|pourquoi|ou|qui|quel|quelle|quand|combien|le sens)|remind me (?:how|what|why|where|who|when|which|if)|show me how|teach me|montre-moi comment|apprends-moi|j'aimerais savoir|je voudrais savoir|i want to know|i'd like to know|i would like to know|any idea|une idee)(?![\p{L}])/u
const SAYING = words("said|says|saying|say that|told|wrote|asked|asks|replied|shouted|yelled|whispered|mentioned|suggested|suggests|insists|insisted|wants me to|dit|disait|disent|dira|ecrit|ecrivait|demande|demandait|repondu|raconte|pretend|affirme|suggere|propose|veut que je|(?:the|this) (?:word|words|phrase|sentence|command|text|string)|le mot|les mots|la phrase|cette phrase|le texte|l'expression|la commande|l'ordre|means|mean|signifie|veut dire|translate|translation|traduis|traduire|traduction|repete|repeat|quote|unquote|cite|citation|spell|epelle|pronounce|prononce|example|exemple|e\\.g|i\\.e")
const REPORT = /^(?:(?:i|i'm|i've|i'd|i'll|im|ive|we|we've|we're|he|he's|she|she's|they|they've|you|you've|it|it's|its|someone|somebody|nobody|everyone|everybody|je|tu|il|elle|on|nous|vous|ils|elles|ca|c'est|c'etait|ceci|cela|this|that|that's|there|the|my|our|your|his|her|their|le|la|les|mon|ma|mes|notre|nos|votre|vos|son|sa|ses|leur|yesterday|hier|today|already|deja|cette|ces|these|those|a|an|un|une)(?![\p{L}])|(?:j|l|t|s|qu)'\p{L}+)/u
const AFTERTHOUGHT = words("no wait|wait|hold on|hang on|actually (?:don't|no|not|never)|attends|attendez|non non|finalement (?:non|pas|ne|laisse)|en fait (?:non|ne|pas|laisse)|ah non|oh no|non laisse|laisse tomber|laissez tomber|laisse faire|laisse|never ?mind|just kidding|jk|kidding|je plaisante|je rigole|je deconne|ou pas|ou non|or not|or maybe not|ou peut-etre pas|oublie (?:ca|cela|tout ca)|oublie|forget (?:it|that|about it)|scratch that|on second thoughts?|changed my mind|change d'avis|strike that|cancel that|annule(?: ca| tout)?|undo that|my bad|mauvaise idee|bad idea|i mean no|pas vraiment|not really|psych|sike|c'est une blague|as if")

/** Why a clause that does not begin as a command is none. Null: nothing speaks against it, it is only not understood. */
export function moodOf(text: Text): Mood | null {
  const { folded } = text
  const plain = folded.replace(POLITE_CONDITION, ' ')
  if (QUESTION.test(folded)) return 'question'
  if (SAYING.test(folded)) return 'quotation'
  if (CONDITION.test(plain)) return 'condition'
  if (NEGATION.test(plain)) return 'negation'
  if (/\?[\s!.?]*$/.test(folded)) return 'question'
  return REPORT.test(folded) || tellsOf(folded) ? 'report' : null
}

/** A condition anywhere takes a command back, and so does an afterthought. */
export function spoils(folded: string): Mood | null {
  if (CONDITION.test(folded.replace(POLITE_CONDITION, ' '))) return 'condition'
  return AFTERTHOUGHT.test(folded) ? 'negation' : null
}

export const takesBack = (folded: string): boolean => AFTERTHOUGHT.test(folded) || /^(?:no|non|nope|nah|nan|stop|don't|dont)(?![\p{L}])/u.test(folded)

const NEGATED = /^(?:(?:but|mais|and|et|surtout|please|or|ou|you|tu|vous|i|je|we|on|nous|il|make sure|assure-toi|tache|veille)[ ,]+(?:to |de |a )?){0,3}(?:don't|dont|don t|do not|d'ont|never|not|no |ne |n'|surtout pas|pas |plus (?:besoin|la peine)|jamais |stop|arrete|arretez|cesse|cessez|evite|evitez|avoid|refrain|no need|inutile|(?:must|should|may|can|need|could|would|shall|will) (?:not|never)|mustn't|shouldn't|can't|cant|cannot|needn't|won't|wouldn't|couldn't|(?:y |il )?(?:faut|faudrait|fallait) (?:pas|plus|surtout pas|jamais)|(?:il )?ne |didn't|did not|under no|in no (?:way|case)|en aucun cas|en aucune|whatever you do|touche pas|interdit|interdiction|defense|pas question|hors de question|non)(?![\p{L}])/u

export const startsNegated = (folded: string): boolean => NEGATED.test(folded)

/** «Efface pas la note», "delete nothing": the negation right behind the verb. */
export const isNegatedBehind = (folded: string): boolean =>
  /^(?:surtout |absolument )?(?:pas|jamais|rien|aucune?|nulle?|point|plus|not|nothing|no|none|never|neither|ni)(?=[\s,.!]|$)/.test(folded.trimStart())

/** A reason that a person adds to a command: it neither asks for anything nor takes anything back. */
export const isReason = (folded: string): boolean =>
  !takesBack(folded) && !CONDITION.test(folded) && !SAYING.test(folded)
  && /^(?:i|we|je|on|nous|it|it's|its|that's|they|elle|il|ca|c'est|cela|this|ce|celle-ci)(?![\p{L}]).*(?<![\p{L}])(?:need it|need them|need that|needed|use it|use them|using it|outdated|obsolete|old|useless|finished|over|all (?:done|set)|sorted|duplicates?|empty|besoin|perimee?|vieille|vieux|inutile|sert a rien|sert plus|termine|termines|finie?|doublon|vide|utilise plus|urgent|important|tout|all|it|plus valable|d'actualite)(?=[\s,.!;]|$)/u.test(folded)
