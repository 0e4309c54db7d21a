import { phrase } from '../text/line.ts'

const PLEASE = "s' ?il (?:te|vous) plait|s' ?il (?:te|vous) plaît|sil (?:te|vous) plait|stp|svp|s il (?:te|vous) plait|please|pls|plz|plse|pleas|kindly"
const THANKS = "merci(?: (?:beaucoup|bien|d' avance|bcp|a toi|a vous|par avance|infiniment))?|d' avance merci|thank you(?: (?:so much|very much|in advance|kindly))?|thanks(?: (?:a lot|so much|in advance|a million|a bunch))?|thx|ty|tysm|cheers|ta|much appreciated"
const WHEN_YOU_CAN = "if (?:you (?:can|could|please|don't mind|would|want|like|have (?:a|the) (?:minute|moment|time|sec|second))|possible|that's ok(?:ay)?|it's not too much trouble|that is possible)|when(?:ever)? you (?:can|get a (?:chance|minute|moment)|have (?:a )?(?:time|minute|moment|chance|sec|second))|si (?:possible|c' est possible|tu (?:peux|veux|veux bien|pouvais|le peux|as (?:le temps|une minute|un moment|deux minutes))|vous (?:pouvez|voulez|voulez bien|le pouvez|avez (?:le temps|une minute|un moment))|ca ne (?:te|vous) derange pas|cela ne (?:te|vous) derange pas|ce n' est pas trop demander)|quand (?:tu (?:peux|pourras|as (?:le temps|une minute|un moment)|auras (?:le temps|une minute|un moment))|vous (?:pouvez|pourrez|avez (?:le temps|un moment)|aurez (?:le temps|un moment)))|des que (?:possible|tu peux|vous pouvez)|as soon as (?:possible|you can)|at your (?:earliest )?convenience|le plus (?:vite|tot) possible|asap|whenever"
const NOW = "now|right now|right away|immediately|at once|straight away|quickly|maintenant|tout de suite|immediatement|de suite|vite|rapidement|sans attendre|sans tarder|des maintenant|right this minute|illico|aussitot|vite fait"
const FOR_ME = "for me|pour moi|for us|pour nous|de ma part"

/** Said before a command without changing it. */
export const LEADING = phrase(
  PLEASE, THANKS, WHEN_YOU_CAN, NOW, FOR_ME,
  "hey|hi|hello|hiya|yo|dear|good (?:morning|afternoon|evening|day)|ok|okay|k|alright|all right|well|so|right|great|perfect|sure|yes|yeah|yep|oh|ah|um|euh|hum|hmm|listen|look here|excuse me|sorry(?: to bother you)?|actually|btw|by the way|oh and|also|and|then|and then|next|first(?: of all)?|second|secondly|firstly|thirdly|third|finally|lastly|just|simply|quick one|hey there|hi there|hello there|how are you|there",
  "bonjour|bonsoir|salut|coucou|allo|hola|re|bon|bien|alors|donc|voila|d' accord|oui|ouais|ouaip|super|parfait|tres bien|ah|tiens|dis donc|dis ,|ecoute|excuse-moi|excuse -moi|excusez -moi|pardon|desolee?|au fait|du coup|ca va|comment (?:ca va|vas -?tu|allez -?vous)|aussi|et|puis|ensuite|et puis|et ensuite|apres|et aussi|d' abord|tout d' abord|premierement|deuxiemement|ensuite|enfin|pour finir|pour commencer|par ailleurs|juste|simplement|egalement|allez|allez hop|hop|vas -y|vas y|petite question|chere?",
  'nova|assistant|[1-9] [.)]|[a-c] \\)', "[,!.:;…–—•*()>-]",
)

/** Said behind a command without changing it. */
export const TRAILING = phrase(
  PLEASE, THANKS, WHEN_YOU_CAN, FOR_ME,
  "(?:right )?now|right away|immediately|at once|straight away|maintenant|tout de suite|immediatement|de suite|sans (?:attendre|tarder)|nova|will you|would you|could you|can you|tu veux bien|veux -?tu(?: bien)?|voulez -?vous(?: bien)?|no rush|rien ne presse|c' est tout|that's all|that is all|that's it|ce sera tout|today please",
  ", (?:ok|okay|d' accord|right|alright|hein|mate|buddy|lol|mdr|vite|quickly|rapidement|voila|of course|bien sur)",
  '[,!.;…–—-]', '¶',
)

/** All that may be cut off words that are said to somebody else: «merci» may be meant for them. */
export const TRAILING_PLEASE = phrase(PLEASE, ',', '¶')

/** Nothing but this makes no sentence. */
export const CLOSING = phrase("bonne (?:journee|soiree|nuit)|a (?:bientot|plus|demain)|bye|goodbye|see you|have a (?:nice|good|great) (?:day|evening|one)|i (?:appreciate|love) (?:it|you)|good job|bravo|well done|great work")

/** Emoji that only smile at the listener; others may belong to a title. */
export const SMILES = /^[\u{1F642}\u{1F64F}\u{1F60A}\u{1F600}-\u{1F607}\u{1F609}\u{1F618}\u{1F44D}\u{1F44B}\u{2764}\u{1F605}\u{1F970}\u{1F917}\u{1F91D}\u{2728}\u{1F64C}\u{1F44C}\u{FE0F}\u{1F3FB}-\u{1F3FF}\u{1F643}\u{1F60E}\u{1F601}]$/u
