import type { VerbMood } from './verbs.ts'

/**
 * Ways of asking for something: each ends where the verb begins, and says in which form the verb has to follow.
 * `ability`: it also asks whether something can be done, so «peux-tu supprimer une note ?» may be a mere question.
 */
export type Frame = { pattern: RegExp; mood: VerbMood; ability: boolean }

const english = (source: string, mood: VerbMood, ability = false): Frame => ({ pattern: new RegExp(`^(?:${source})[ ,]+`), mood, ability })
const french = (source: string, mood: VerbMood, ability = false): Frame => ({ pattern: new RegExp(`^(?:${source})(?:[ ,]+|(?<='))`), mood, ability })

const EN_INSERT = '(?: please| pls| kindly| just| quickly| also| possibly| perhaps| maybe| ever so kindly| very kindly| then| now)*'
const EN_HELP = '(?: (?:help me(?: to)?|be so kind as to|be so good as to|be a (?:dear|star|love|darling|gem) and|go ahead and|do me a favou?r and|try (?:to|and)|manage to))?'
const EN_YOU = `(?:you|u|ya)${EN_INSERT}${EN_HELP}${EN_INSERT}`

const ENGLISH: Frame[] = [
  english(`(?:please )?(?:can|could|cud|would|will|might|won't) ${EN_YOU}`, 'imperative', true),
  english(`(?:would|do) you mind(?: awfully)?${EN_INSERT}|mind`, 'gerund'),
  english(`(?:i was wondering|i wonder|i am wondering|i'm wondering|just wondering) (?:if|whether) ${EN_YOU.replace('you', '(?:you|nova) (?:could|can|would|might)')}`, 'imperative'),
  english(`(?:do you (?:think|suppose|reckon) (?:that )?(?:you|u) (?:could|can|might)|(?:is there )?any chance (?:that )?(?:you|u) (?:could|can|might)|is it possible for you to|would it be possible for you to|(?:could|can|may|might) i (?:ask|get|trouble|bother|have) (?:you|u) to)${EN_INSERT}${EN_HELP}`, 'imperative'),
  english(`(?:it(?: would|'d) be|that(?: would|'d) be) (?:great|lovely|nice|awesome|good|helpful|fantastic|brilliant) if (?:you|u) (?:could|can|would|might)${EN_INSERT}`, 'imperative'),
  english(`i(?: would|'d|d)? (?:really )?(?:appreciate|be grateful|be obliged|be thankful|be glad|love)(?: it)? if (?:you|u) (?:could|can|would|might)${EN_INSERT}`, 'imperative'),
  english(`(?:i|we)(?:'d| would|d)? (?:really |kindly )?(?:like|love|prefer|want|need|wish|ask|am asking)(?: for)?(?: (?:you|u|nova))?${EN_INSERT} to${EN_INSERT}${EN_HELP}`, 'imperative'),
  english(`(?:i'm|i am|im) (?:asking|telling|instructing|begging|requesting|looking for|going to need|gonna need) (?:you|u|nova) to${EN_INSERT}|(?:i'm|i am|im) (?:looking|hoping|trying) (?:for you )?to`, 'imperative'),
  english(`(?:i )?(?:wanna|need to|want to|would like to|like you to)${EN_INSERT}|(?:you|u) (?:(?:can|may|could) (?:now |just |go ahead and |please )*|(?:need|have|are|'re) to |must |will |are to )|let's|lets|let us|feel free to|(?:please )?go ahead and|help me(?: out)?(?: to| and)?|(?:please )?(?:make sure|be sure|ensure)(?: that)?(?: you| to| u)${EN_INSERT}|get (?:you|nova) to|your (?:task|job|mission) is to|i request that you|i ask that you|take (?:a|the) (?:time|moment) to`, 'imperative'),
]

const FR_INSERT = '(?: s\'il te plait,?| s\'il vous plait,?| stp,?| svp,?| bien| donc| maintenant| aussi| vite fait| juste| peut-etre| gentiment| rapidement)*'
const FR_CAN = '(?:peux|peut|peus|pourrais|pourrait|veux|veut|voudrais|voudrait|saurais|pouvais|pouvez|pourriez|voulez|voudriez|sauriez|pouviez)'

const FRENCH: Frame[] = [
  french(`(?:(?:est-ce que|est ce que|esque|esk|est-ce qu') ?)?(?:tu|vous|t'|nova|t) ?${FR_CAN}(?:[- ]tu)?${FR_INSERT}`, 'infinitive', true),
  french(`${FR_CAN}[- ](?:tu|vous)${FR_INSERT}`, 'infinitive', true),
  french(`(?:est-ce que |est ce que )?(?:(?:tu|vous) (?:serais|seriez|es|etes)|(?:serais|es)[- ]tu|(?:seriez|etes)[- ]vous) (?:capable|en mesure|d'accord) (?:de|d')`, 'infinitive', true),
  french('(?:est-ce qu\'il|est-il|serait-il|il)(?: (?:te|vous))?(?: (?:est|serait))? possible (?:de|d\')|(?:est-ce|serait-ce|c\'est|ce serait) possible (?:de|d\')|possible (?:de|d\')|(?:il )?y ?a(?:urait)?(?:-t-il|\'?t\'?il)? (?:moyen|possibilite) (?:de|d\')|ya moyen (?:de|d\')|y a moyen (?:de|d\')|moyen de', 'infinitive', true),
  french('(?:est-ce que )?(?:ca|cela) (?:te|vous) (?:derange|derangerait|ennuie|ennuierait|embete|embeterait|gene|generait) (?:de|d\'|pas de)', 'infinitive'),
  french(`(?:(?:est-ce que )?je (?:peux|pourrais) (?:te|vous) demander|puis-je (?:te|vous) demander|(?:je|j')(?: (?:te|vous)| l')? ?(?:demande|prie|charge|invite|saurais gre|serais (?:tres )?reconnaissante?|serais oblige)(?: (?:a|bien))?|(?:aurais-tu|auriez-vous|tu aurais|vous auriez|aie|ayez) (?:l'|la |le )?(?:amabilite|gentillesse|obligeance|bonte|temps)|merci|priere|essaie|essaye|essayez|tache|tachez|fais en sorte|assure-toi|assurez-vous|charge-toi|chargez-vous|occupe-toi|occupez-vous|(?:j'ai|j'aurais|on a|on aurait|nous avons) (?:bien )?besoin) (?:de|d')(?: ?bien vouloir)?${FR_INSERT}`, 'infinitive'),
  french(`(?:veuillez|veuille)(?: bien)?|(?:(?:il|y) )?(?:faut|faudrait|va falloir|faudra)|(?:il )?me (?:faut|faudrait)|(?:je|on|nous) (?:veux|veut|voulons|voudrais|voudrait|voudrions|souhaite|souhaiterais|souhaitons|souhaiterions|desire|desirerais|desirons|aimerais|aimerait|aimerions)|j'(?:aimerais|aimerai|apprecierais)(?: bien)?|je voudrai|aide-moi a|aidez-moi a|aide moi a|(?:tu|vous) (?:dois|devez)|je compte sur (?:toi|vous) pour`, 'infinitive'),
  french(`(?:(?:il|y) )?(?:faut|faudrait)(?: bien)? qu(?:e |')(?:tu|vous|nova)|(?:je|on) (?:veux|veut|voudrais|voudrait|souhaite|souhaiterais|demande|desire|aimerais)(?: bien)? qu(?:e |')(?:tu|vous|nova)|j'(?:aimerais|aimerai|apprecierais|ai besoin)(?: bien)? qu(?:e |')(?:tu|vous|nova)|(?:est-ce possible|ce serait (?:bien|super|possible|gentil)|serait-il possible|fais en sorte|y a moyen|ya moyen|il y a moyen) qu(?:e |')(?:tu|vous|nova)`, 'present'),
  french('(?:est-ce que )?(?:tu|vous|t)(?= ?(?:me |m\'|nous ))', 'present', true),
]

export const FRAMES: Frame[] = [...ENGLISH, ...FRENCH]
