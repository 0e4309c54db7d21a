/**
 * What people put around a command without changing it: greetings, politeness, and the ways of asking for something.
 * A frame says in which form the verb has to follow; without a frame a command begins with its verb.
 */
const GREETING = /^(?:(?:hey|hi|hello|ok|okay|well|so|right|bonjour|bonsoir|salut|coucou|alors|bon|bien|allo|yo|dear|chere?|nova|euh|heu|hum+|um+|uh+|ben|bah|hmm+|eh|oui|yes|yeah|yep|sure)(?:[\s,!.]+|$)){1,4}/
const SOFTENERS = /^(?:(?:s'il (?:te|vous) pla[iî]t|stp|svp|s'il te plait|please|pls|plz|kindly|just|now|also|then|quickly|maintenant|aussi|ensuite|puis|vite|d'abord|tout de suite|first|next|finally|enfin|et|and|if (?:you (?:can|could|don't mind|please)|possible)|si (?:tu (?:peux|veux bien|pouvais)|vous (?:pouvez|voulez bien)|possible|c'est possible)|quand tu (?:peux|pourras|as le temps)|when you (?:can|get a chance|have time|have a moment)|allez|vas-y|go ahead and|be so kind as to|would you be so kind as to|for me|pour moi|de ma part)[\s,!:]+)+/

export type Frame = { pattern: RegExp; verb: 'any' | 'infinitive' | 'subjunctive' | 'gerund' | 'imperative' }

/** Ways of asking. Each ends where the verb begins. */
export const FRAMES: Frame[] = [
  { pattern: /^(?:can|could|would|will) (?:you|u)(?: please| kindly| just| maybe| also| possibly)* (?:be so kind as to |go ahead and |help me )?/, verb: 'imperative' },
  { pattern: /^(?:would|do) you mind /, verb: 'gerund' },
  { pattern: /^i(?:'d| would)(?: really)? (?:like|love|want|appreciate it if)(?: for)?(?: you| nova)?(?: could| would)?(?: to)? (?:please )?/, verb: 'imperative' },
  { pattern: /^i (?:want|need|wish|would want|ask)(?: for)?(?: you)? to (?:please )?/, verb: 'imperative' },
  { pattern: /^(?:you (?:can|may|could)(?: please)?(?: now)? |let's |please go ahead and |go ahead and |help me(?: to)? |time to |make sure (?:to|you) |be sure to |your task is to )/, verb: 'imperative' },
  { pattern: /^(?:est-ce que |est ce que )?(?:tu|vous) (?:peux|pouvez|pourrais|pourriez|veux bien|voulez bien|voudrais bien)(?: s'il (?:te|vous) plait,?| stp,?| svp,?| bien| donc| maintenant)* (?:(?!me (?:rappel|faire penser))(?:me |m'|nous ))?/, verb: 'infinitive' },
  { pattern: /^(?:auriez-vous|aurais-tu|auriez vous|aurais tu) (?:l'amabilite|la gentillesse|la bonte|l'obligeance|le temps|l'occasion) de (?:bien vouloir )?/, verb: 'infinitive' },
  { pattern: /^est-ce qu'il (?:te|vous) (?:est|serait) possible de /, verb: 'infinitive' },
  { pattern: /^(?:peux|pourrais|veux|voudrais)[- ]tu(?: s'il te plait,?| stp,?| svp,?| bien| donc| maintenant)* (?:(?!me (?:rappel|faire penser))(?:me |m'|nous ))?/, verb: 'infinitive' },
  { pattern: /^(?:pouvez|pourriez|voulez|voudriez)[- ]vous(?: s'il vous plait,?| svp,?| bien| donc| maintenant)* (?:(?!me (?:rappel|faire penser))(?:me |m'|nous ))?/, verb: 'infinitive' },
  { pattern: /^(?:merci de (?:bien vouloir )?|veuillez(?: bien)? |veuille |priere de |il faut |il faudrait |il est temps de |je (?:veux|voudrais|souhaite|souhaiterais|desire) |j'aimerais(?: bien)? |j'ai besoin de |aide-moi a |aide moi a |je te (?:demande|prie) de |je vous (?:demande|prie) de |tache de |pense a |merci d'|il faudrait |on va |charge-toi de |occupe-toi de )/, verb: 'infinitive' },
  { pattern: /^(?:il faut|il faudrait|je (?:veux|voudrais|souhaite|souhaiterais|demande)|j'aimerais(?: bien)?|j'ai besoin) que (?:tu|vous|nova) (?:(?!me (?:rappel|fass))(?:me |m'))?/, verb: 'subjunctive' },
]

/** Takes greetings and politeness off the front of a folded text; how many characters they take. */
export function skipPoliteness(folded: string): number {
  let at = 0
  for (let tries = 0; tries < 6; tries += 1) {
    const rest = folded.slice(at)
    const found = GREETING.exec(rest)?.[0].length ?? SOFTENERS.exec(rest)?.[0].length ?? /^[\s,;.!:…-]+/.exec(rest)?.[0].length ?? 0
    if (found === 0) break
    at += found
  }
  return at
}

const TRAILING = /[\s,;.!…]*(?:\b(?:s'il (?:te|vous) plait|stp|svp|please|pls|plz|merci(?: (?:beaucoup|d'avance|bien|bcp))?|thank you(?: (?:so|very) much)?|thanks(?: a lot)?|thx|cheers|for me|pour moi|right now|now|maintenant|tout de suite|immediatement|immediately|asap|d'accord|ok|nova|if possible|si possible|if you (?:can|please|could|don't mind)|si tu (?:peux|veux|veux bien)|si vous (?:pouvez|voulez bien)|quand tu peux|when you can|today please))?[\s,;.!?…]*$/

/** Cuts politeness and punctuation off the end; the length that remains. */
export function cutPoliteness(folded: string): number {
  let end = folded.length
  for (let tries = 0; tries < 5; tries += 1) {
    // Only the last words can be politeness; looking at no more keeps this linear.
    const from = Math.max(0, end - 60)
    const found = TRAILING.exec(folded.slice(from, end))?.[0].length ?? 0
    if (found === 0) break
    end -= found
  }
  return end
}
