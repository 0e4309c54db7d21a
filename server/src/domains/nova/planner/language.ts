import type { Language } from '../../../platform/text.ts'
import type { Text } from './reading.ts'

const FRENCH = /(?<![\p{L}'])(?:le|la|les|un|une|des|du|de|et|je|tu|moi|mon|ma|mes|dans|pour|avec|que|qui|est|pas|sur|vers|cette|ce|ces|stp|svp|tache|taches|fil|nouvelle|nouveau|comme|chez|aux?|il|elle|on|nous|vous|faite?|terminee?|demain|quel|quelle|quels|quelles|comment|pourquoi|ne|jamais|si|quand|merci|veux|peux|faut|euros?)(?![\p{L}])|(?<![\p{L}])(?:l|d|j|qu|n|s|c|m|t)'/gu
const ENGLISH = /(?<![\p{L}'])(?:the|a|an|of|and|my|to|in|for|with|that|is|not|on|please|this|i|you|it|task|tasks|thread|threads|as|done|about|called|named|titled|new|all|what|how|don't|do|tomorrow|next|at|by|from|me|if|when|was|were|has|have|should|would|could|can|will|your|our)(?![\p{L}])/gu
const LOOK_MAX = 300

/** The language of a text by its small words; English when they do not tell. */
export function languageOf({ plain, folded }: Text): Language {
  const start = folded.slice(0, LOOK_MAX)
  const accents = plain.slice(0, LOOK_MAX).match(/[àâçéèêëîïôûùœÀÂÇÉÈÊËÎÏÔÛÙŒ«]/g)?.length ?? 0
  return (start.match(FRENCH)?.length ?? 0) + Math.min(accents, 3) > (start.match(ENGLISH)?.length ?? 0) ? 'fr' : 'en'
}
