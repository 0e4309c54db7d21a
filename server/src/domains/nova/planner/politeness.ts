/** What people put around a command without changing it, folded. */
const GREETINGS = [
  'hey(?: there)?', 'hi(?: there)?', 'hiya', 'hello(?: there)?', 'yo', 'oi', 'ok(?:ay|ey)?', 'k', 'well', 'right(?: then)?(?=,)', 'so', 'alright', 'anyway', 'listen(?=,)', 'look(?=,)', 'good (?:morning|afternoon|evening|day)', 'dear', 'sorry(?: to (?:bother|disturb) you)?', 'excuse me',
  'bonjour', 'bonsoir', 'salut', 'coucou', 'allo', 'alors', 'bon(?: ben)?', 'bien', 'ben', 'euh', 'heu', 'hum', 'um+', 'uh+', 'er+', 'hmm+', 'dis(?:-| )?(?:moi|donc)?(?=[ ,]+nova)', 'rebonjour', 're', 'wesh', 'eh', 'he', 'cher', 'chere', 'pardon', 'desolee?(?: de te deranger)?', 'excuse-moi', 'excusez-moi', 'voila',
  'nova', 'mate', 'mec', 'frere', 'bro', 'dude', 'buddy', 'pal', 'love', 'ca va', 'comment (?:ca va|vas-tu|allez-vous)', 'how are you(?: doing)?(?: today)?', 'hope you(?:\'re| are) (?:well|ok|fine)', 'j\'espere que (?:tu vas|vous allez) bien',
  '(?:can|could) you help me(?: (?:out|please))?', '(?:peux-tu|pouvez-vous|tu peux) m\'aider', 'i need (?:your|some) help', 'j\'ai besoin d\'aide', '(?:a )?(?:quick|small) (?:one|request|favou?r)', 'one (?:more )?thing', 'autre chose', 'petite (?:demande|question)', 'i have a (?:quick )?request', 'j\'ai une (?:petite )?demande',
  '(?:please )?do (?:this|the following|these things|these)(?: for me)?', '(?:peux-tu |pouvez-vous |tu peux )?(?:fais|faites|faire) (?:ceci|cela|ca|ce qui suit)', '(?:two|three|a few|some) things', '(?:deux|trois|quelques) choses',
].join('|')
const SOFTENERS = [
  's\'?il[ -](?:te|vous)[ -]plai(?:t|s)', 'stp', 'svp', 'siouplait', 'please', 'pls', 'plz', 'plez', 'kindly', 'just', 'simply', 'now', 'also', 'then', 'quickly', 'quick', 'first(?:ly)?', 'second(?:ly)?', 'third(?:ly)?', 'next', 'finally', 'lastly', 'actually', 'oh', 'ah', 'and', 'et',
  'maintenant', 'aussi', 'ensuite', 'puis', 'vite(?: fait)?', 'd\'abord', 'tout d\'abord', 'premierement', 'deuxiemement', 'tout de suite', 'enfin', 'pour finir', 'par contre', 'du coup', 'donc', 'simplement', 'juste', 'la(?=[ ,]+(?:tu|nova))', 'tiens', 'vas-y', 'allez', 'hop', 'bref', 'apres(?: ca)?', 'en plus', 'if (?:you (?:can|could|would|don\'t mind|have (?:a|the) (?:time|moment|minute|sec|second))(?: please)?|possible|that\'s ok(?:ay)?|it\'s not too much trouble)',
  'si (?:tu (?:peux|veux|veux bien|pouvais|pourrais|as (?:le temps|une minute|deux minutes))|vous (?:pouvez|voulez bien|pouviez|avez (?:le temps|une minute))|possible|c\'est possible|ca (?:te|vous) va|ca (?:te|vous) derange pas)', '(?:quand|des que) (?:tu (?:peux|pourras|as (?:le temps|un moment|une minute|deux minutes))|vous (?:pouvez|pourrez|avez (?:le temps|un moment|une minute)))', 'when(?:ever)? you (?:can|get a (?:chance|moment|minute|sec|second)|have (?:time|(?:a|the) (?:time|moment|minute|chance|sec|second)))',
  'be a (?:dear|star|love|darling|gem) and', 'be so (?:kind|good) as to', 'would you be so kind as to', 'do me a favou?r(?: and)?', 'for me', 'pour moi', 'de ma part', 'go ahead and', 'my (?:friend|dear)',
].join('|')
const MARKER = /^(?:[-*•–—]|\(?(?:\d{1,2}|[a-h])[).](?=\s)|\d{1,2}°)\s*/
const NOISE = /^[\s,;.!?:…·)\-–—]+/
const GREETING = new RegExp(`^(?:${GREETINGS})(?=[\\s,;.!?:…·]|$)`)
const SOFTENER = new RegExp(`^(?:${SOFTENERS})(?=[\\s,;.!:…·]|$)`)
const STEPS_MAX = 12
const FRONT_MAX = 200

/** Takes greetings, politeness and list marks off the front of a folded text; how many characters they take. */
export function skipPoliteness(folded: string): number {
  let at = 0
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    const rest = folded.slice(at, at + FRONT_MAX)
    const found = (MARKER.exec(rest) ?? NOISE.exec(rest) ?? GREETING.exec(rest) ?? SOFTENER.exec(rest))?.[0].length ?? 0
    if (found === 0) break
    at += found
  }
  return at
}

export const isOnlyPoliteness = (folded: string): boolean => folded.length <= FRONT_MAX && skipPoliteness(folded) >= folded.trimEnd().length

const CLOSINGS = [
  's\'?il[ -](?:te|vous)[ -]plai(?:t|s)', 'stp', 'svp', 'please(?: and thank you)?', 'pls', 'plz', 'merci(?: (?:beaucoup|d\'avance|bien|bcp|a toi|a vous|infiniment|mille fois|nova))?', 'mille mercis', 'mci', 'thank(?:s| you)(?: (?:so much|very much|a lot|a bunch|a million|in advance|again|nova|mate|love))?', 'many thanks', 'thx', 'tx', 'ty', 'tysm', 'cheers(?: mate)?', 'much appreciated', 'nova', 'je (?:te|vous) prie', 'je t\'en prie', 'bisous', 'bien a (?:toi|vous)', 'cordialement', 'salutations', '(?:kind |best )?regards',
  'if possible', 'si possible', 'if (?:you (?:can|please|could|would|don\'t mind|have (?:a|the) (?:time|moment|minute))|that\'s (?:ok|okay|alright|all right|possible)|it\'s (?:not too much trouble|ok|possible))', 'si (?:tu (?:peux|veux|veux bien|pouvais|as le temps|le veux bien)|vous (?:pouvez|voulez bien|le voulez bien|avez le temps)|c\'est possible|ca (?:te|vous) (?:va|derange pas)|ca ne (?:te|vous) derange pas)',
  '(?:quand|des que) (?:tu (?:peux|pourras|as (?:le temps|un moment|une minute|deux minutes))|t\'as (?:le temps|deux minutes)|vous (?:pouvez|pourrez|avez (?:le temps|un moment)))', 'when(?:ever)? you (?:can|get a (?:chance|moment|minute|sec|second)|have (?:time|(?:a|the) (?:time|moment|minute|chance|sec|second)))', '(?:ca|ce) serait (?:super|genial|top|cool|gentil|sympa|parfait|bien|chouette|formidable|tres aimable|apprecie)', '(?:that|it) (?:would|\'d) be (?:great|lovely|awesome|nice|perfect|fantastic|brilliant|fab|super|amazing|wonderful)', 'that\'d be (?:great|lovely|awesome|nice|perfect|fantastic|brilliant|fab)', '(?:that|it)\'s (?:all|it)', 'c\'est tout', 'ce sera tout', 'lol', 'mdr', 'haha+', 'hihi', 'xx+', 'xoxo',
]
/** Said only behind a comma: without one they may belong to a title. */
const ASIDES = ['ok(?:ay)?', 'ta', 'd\'accord', 'd\'acc', 'hein', 'mate', 'mec', 'love', 'bro', 'dude', 'buddy', 'pal', 'frere', 'wesh', 'la', 'voila', 'right', 'yeah', 'yes', 'oui', 'veux-tu', 'voulez-vous', 'tu veux bien', '(?:will|would|can|could) you', 'alors', 'quoi', 'yo', 'now', 'maintenant', 'vite', 'tout de suite', 'right now', 'quickly', 'immediately', 'urgent', 'asap']
/** Belong to the command unless a title goes on until there. */
const HURRIES = ['right now', 'right away', 'straight away', 'at once', 'now', 'immediately', 'asap', 'as soon as possible', 'quickly', 'for me', 'pour moi', 'maintenant', 'tout de suite', 'immediatement', 'des que possible', 'au plus vite', 'vite', 'vite fait', 'sans attendre', 'sur-le-champ', 'from now on', 'today please']
const PAUSE = '(?<![\\s,;.!?…·])[\\s,;.!?…·]'
const closing = new RegExp(`${PAUSE}*(?<![\\p{L}\\p{N}'-])(?:${CLOSINGS.join('|')})[\\s,;.!?…·]*$|${PAUSE}*[,.!?;…][\\s·]*(?:${ASIDES.join('|')})[\\s,;.!?…·]*$|${PAUSE}+$`, 'u')
const hurry = new RegExp(`[\\s,]+(?:${HURRIES.join('|')})[\\s,;.!?…·]*$`, 'u')
/** Only the last words can be politeness; looking at no more keeps this linear. */
const END_MAX = 70

/** Cuts politeness and punctuation off the end of a folded text; the length that remains. */
export const cutPoliteness = (folded: string): number => cutEnd(folded, closing)

/** Cuts «maintenant», "for me" off the end too; not where a title may end so. */
export const cutHurry = (folded: string): number => cutPoliteness(folded.slice(0, cutEnd(folded, hurry)))

function cutEnd(folded: string, pattern: RegExp): number {
  let end = folded.length
  for (let steps = 0; steps < STEPS_MAX / 2; steps += 1) {
    const from = Math.max(0, end - END_MAX)
    const found = pattern.exec(folded.slice(from, end))
    if (!found || found[0].length === 0) break
    end = from + found.index
  }
  return end
}
