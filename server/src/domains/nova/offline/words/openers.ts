import { phrase, type Phrase } from '../text/line.ts'

/** In which form the verb has to follow a way of asking. */
export type Wanted = 'command' | 'infinitive' | 'subjunctive' | 'gerund'

/** A way of asking. `weak`: a wish, a duty or advice of which nobody can say whether it is a command; it is asked about. */
export type Opener = { phrase: Phrase; wants: Wanted; weak?: true }

const SOFT = "(?: (?:bien|juste|simplement|maintenant|donc|aussi|vite|rapidement|stp|svp|egalement|quand meme|s' il (?:te|vous) plait|s'il te plait|,))*"
const KIND = '(?: (?:please|kindly|just|maybe|also|possibly|perhaps|quickly|then|now|pls|plz|,))*'
const ABLE = '(?:peux|peut|pourrais|pourrait|pouvez|pourriez|veux|veut|voudrais|voulez|voudriez|saurais|sauriez|peu|pourais|pouvai)'
const YOU = '-?(?:tu|vous|t\')'
const ASK = "(?:est -?ce que|est ce que|esce que|est -?ce qu'|eske|esque) "

/** Ways of asking, the surest first. Each ends where the verb begins. */
export const OPENERS: Opener[] = [
  { phrase: phrase(`(?:${ASK})?${ABLE} ${YOU}${SOFT}`, `(?:${ASK})?(?:tu|vous|t') ${ABLE}${SOFT}`), wants: 'infinitive' },
  { phrase: phrase(
    "merci (?:de|d')(?: bien)?(?: vouloir)?", "priere (?:de|d')", 'veuillez(?: bien)?', 'veuille', `(?:je|j') ?(?:veux|voudrais|voudrai|souhaite|souhaiterais|aimerais|aimerai|desire|desirerais|vx|prefererais)${SOFT}`, `jaimerais${SOFT}`, `jveux|jvoudrais`,
    "je (?:te|vous) (?:demande|prie|charge|saurais gre) (?:de|d')", "(?:aurais|auriez) -?(?:tu|vous) (?:la (?:gentillesse|bonte)|l' (?:obligeance|amabilite)|le temps|la possibilite) (?:de|d')",
    "(?:ca|cela) (?:te|vous|t') (?:derange(?:rait)?|ennuie(?:rait)?|embete(?:rait)?) (?:de|d')(?: bien vouloir)?", "(?:tu serais|vous seriez|serais -?tu|seriez -?vous) (?:gentil(?:le)?|aimable|sympa|adorable|bien aimable) (?:de|d')",
    "(?:pense|veille|veillez|pensez) bien a", '(?:va|allez|vas -?y|viens)', "(?:il|tu|vous) (?:te |vous )?(?:faut|dois|devez|suffit de) maintenant", "(?:tu|vous) (?:dois|devez|vas|allez)", "charge -?toi (?:de|d')|occupe -?toi (?:de|d')|chargez -?vous (?:de|d')|depeche -?toi (?:de|d')|commence par|aide -?moi a",
  ), wants: 'infinitive' },
  { phrase: phrase(
    `(?:je|j') ?(?:veux|voudrais|souhaite|souhaiterais|aimerais|desire|prefererais|demande|exige)(?: bien)? (?:que|qu') ?(?:tu|vous|nova)(?: (?:me|m'|nous|bien))*`, 'jaimerais(?: bien)? que (?:tu|vous)(?: me)?',
    "(?:il )?(?:faut|faudrait|faudra) (?:que|qu') ?(?:tu|vous|nova)(?: (?:me|m'|nous))*", "(?:j'|je) ?(?:ai besoin|aurais besoin) (?:que|qu') ?(?:tu|vous)(?: (?:me|m'|nous))*", "(?:ce|ca|il) serait (?:bien|gentil|cool|super|top|sympa|parfait|genial|possible) (?:que|qu') ?(?:tu|vous)(?: (?:me|m'|nous))*",
    "fais en sorte (?:que|de)", "je propose que (?:tu|vous)",
  ), wants: 'subjunctive' },
  { phrase: phrase(
    `(?:can|could|would|will|cld|cud|wud) (?:you|u|ya)${KIND}(?: (?:be so kind as to|go ahead and|help me(?: to)?|try to|be a dear and|be kind enough to))?${KIND}`, `(?:you|u) (?:can|may|could|must|have to)${KIND}(?: go ahead and)?`,
    "i(?:'d| would| d) (?:really )?(?:like|love|want|appreciate|prefer)(?: it)?(?: for)?(?: if)? you (?:to|could|would)(?: please)?(?: also| just)?", "id (?:like|love) (?:you )?to(?: please)?", 'i (?:really )?(?:want|need|wish|expect|ask|would want|require)(?: for)? you to(?: please)?',
    "i(?:'d| would) (?:really )?(?:like|love) to(?: please)?", 'i (?:really |just )?(?:want|wish|wanna|would want) ?(?:to)?(?: please)?', 'i wanna',
    `(?:please |just )*go ahead and${KIND}`, '(?:be so kind as to|would you be so kind as to|would you kindly|kindly|be sure to|your task is to|please do|do please|do me a favou?r and|do|time to|any chance (?:you|u) (?:could|can|would))', "let's|lets|let us", 'help me(?: to)?',
    "it would be (?:great|nice|good|lovely|helpful|awesome|perfect|cool) if you (?:could|would)", "i(?:'d| would) be (?:grateful|glad|happy) if you (?:could|would)", "(?:i was |i'm |i am )?(?:wondering|hoping) (?:if )?you (?:could|can|would|might)",
  ), wants: 'command' },
  { phrase: phrase("(?:would|do|wd) (?:you|u) mind(?: please)?(?: just)?", 'how about you try'), wants: 'gerund' },
  { phrase: phrase(
    "(?:(?:tu|vous) (?:devrais|devriez|aurais du))", "(?:je|j'|on|nous) ?(?:dois|devrais|devons|doit|devrait|devrions|vais devoir|peut|pourrait|pourrions)", "(?:il )?(?:faut|faudrait|faudra)(?: (?:que|qu') ?(?:je|j'|on|nous))?", "j' ?ai besoin (?:de|d')", "(?:est -?ce qu' ?il |il )?(?:serait|est)(?: -?il)? possible (?:de|d'|que (?:tu|vous))", "(?:n' oublie|n' oubliez|noublie) pas (?:de|d')",
    "pense a|pensez a|penser a|songe a|souviens -?toi (?:de|d')", "n' hesite pas a", "je pense (?:que|qu')(?: (?:tu|vous|on))?", "peut etre|peut-etre|eventuellement|si on|et si (?:tu|on|vous)|tu (?:me|m')?|vous|on", "il (?:est|serait) temps (?:de|d')", "j' ai envie (?:de|d')|je compte|je pense|j' envisage (?:de|d')|j' hesite a", "essaie (?:de|d')|essaye (?:de|d')|tache (?:de|d')|tente (?:de|d')|ose", "je crois qu' il faut|i have to|have to",
  ), wants: 'infinitive', weak: true },
  { phrase: phrase(
    "i (?:need|must|have|ought|should|got|gotta|might need|could use|had better|may)(?: to)?", "i(?:'ve| have) got to", "(?:we|you) (?:should|ought to|need to|must|might want to|may want to|could|can|might|have to)", "don't forget to|do not forget to|dont forget to|remember to|make sure (?:to|you|that you)|be careful to|try to|it(?:'s| is) time to|it would be possible to|would it be possible (?:for you )?to|is it possible (?:for you )?to|feel free to", "i think (?:you|we|i)(?: should| could| can| need to)?", 'maybe|perhaps|possibly', "i(?:'m| am) (?:thinking of|considering|about to|going to|planning to|tempted to)", 'you', "i'd rather|i would rather", "someone should|somebody should",
  ), wants: 'command', weak: true },
]
