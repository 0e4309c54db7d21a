import { formsOf, type VerbForm } from './verb-form.ts'

/** Verbs in -er whose stem changes where the ending is silent. */
const SILENT_STEMS: Record<string, string> = { enlever: 'enlèv', jeter: 'jett', rappeler: 'rappell', appeler: 'appell', acheter: 'achèt' }

type Irregular = { tu: string; vous: string; nous: string; subjunctive: [string, string]; participle: string; past: string; future: string }

const IRREGULAR: Record<string, Irregular> = {
  mettre: { tu: 'mets', vous: 'mettez', nous: 'mettons', subjunctive: ['mettes', 'mettiez'], participle: 'mis', past: 'mett', future: 'mettr' },
  remettre: { tu: 'remets', vous: 'remettez', nous: 'remettons', subjunctive: ['remettes', 'remettiez'], participle: 'remis', past: 'remett', future: 'remettr' },
  transmettre: { tu: 'transmets', vous: 'transmettez', nous: 'transmettons', subjunctive: ['transmettes', 'transmettiez'], participle: 'transmis', past: 'transmett', future: 'transmettr' },
  faire: { tu: 'fais', vous: 'faites', nous: 'faisons', subjunctive: ['fasses', 'fassiez'], participle: 'fait', past: 'fais', future: 'fer' },
  écrire: { tu: 'écris', vous: 'écrivez', nous: 'écrivons', subjunctive: ['écrives', 'écriviez'], participle: 'écrit', past: 'écriv', future: 'écrir' },
  inscrire: { tu: 'inscris', vous: 'inscrivez', nous: 'inscrivons', subjunctive: ['inscrives', 'inscriviez'], participle: 'inscrit', past: 'inscriv', future: 'inscrir' },
  prendre: { tu: 'prends', vous: 'prenez', nous: 'prenons', subjunctive: ['prennes', 'preniez'], participle: 'pris', past: 'pren', future: 'prendr' },
  dire: { tu: 'dis', vous: 'dites', nous: 'disons', subjunctive: ['dises', 'disiez'], participle: 'dit', past: 'dis', future: 'dir' },
  lire: { tu: 'lis', vous: 'lisez', nous: 'lisons', subjunctive: ['lises', 'lisiez'], participle: 'lu', past: 'lis', future: 'lir' },
  voir: { tu: 'vois', vous: 'voyez', nous: 'voyons', subjunctive: ['voies', 'voyiez'], participle: 'vu', past: 'voy', future: 'verr' },
  ouvrir: { tu: 'ouvre', vous: 'ouvrez', nous: 'ouvrons', subjunctive: ['ouvres', 'ouvriez'], participle: 'ouvert', past: 'ouvr', future: 'ouvrir' },
  rouvrir: { tu: 'rouvre', vous: 'rouvrez', nous: 'rouvrons', subjunctive: ['rouvres', 'rouvriez'], participle: 'rouvert', past: 'rouvr', future: 'rouvrir' },
  réouvrir: { tu: 'réouvre', vous: 'réouvrez', nous: 'réouvrons', subjunctive: ['réouvres', 'réouvriez'], participle: 'réouvert', past: 'réouvr', future: 'réouvrir' },
  répondre: { tu: 'réponds', vous: 'répondez', nous: 'répondons', subjunctive: ['répondes', 'répondiez'], participle: 'répondu', past: 'répond', future: 'répondr' },
  prévenir: { tu: 'préviens', vous: 'prévenez', nous: 'prévenons', subjunctive: ['préviennes', 'préveniez'], participle: 'prévenu', past: 'préven', future: 'préviendr' },
  finir: { tu: 'finis', vous: 'finissez', nous: 'finissons', subjunctive: ['finisses', 'finissiez'], participle: 'fini', past: 'finiss', future: 'finir' },
  avertir: { tu: 'avertis', vous: 'avertissez', nous: 'avertissons', subjunctive: ['avertisses', 'avertissiez'], participle: 'averti', past: 'avertiss', future: 'avertir' },
  établir: { tu: 'établis', vous: 'établissez', nous: 'établissons', subjunctive: ['établisses', 'établissiez'], participle: 'établi', past: 'établiss', future: 'établir' },
  rétablir: { tu: 'rétablis', vous: 'rétablissez', nous: 'rétablissons', subjunctive: ['rétablisses', 'rétablissiez'], participle: 'rétabli', past: 'rétabliss', future: 'rétablir' },
  saisir: { tu: 'saisis', vous: 'saisissez', nous: 'saisissons', subjunctive: ['saisisses', 'saisissiez'], participle: 'saisi', past: 'saisiss', future: 'saisir' },
  détruire: { tu: 'détruis', vous: 'détruisez', nous: 'détruisons', subjunctive: ['détruises', 'détruisiez'], participle: 'détruit', past: 'détruis', future: 'détruir' },
  introduire: { tu: 'introduis', vous: 'introduisez', nous: 'introduisons', subjunctive: ['introduises', 'introduisiez'], participle: 'introduit', past: 'introduis', future: 'introduir' },
  clore: { tu: 'clos', vous: 'closez', nous: 'closons', subjunctive: ['closes', 'closiez'], participle: 'clos', past: 'clos', future: 'clor' },
  aller: { tu: 'va', vous: 'allez', nous: 'allons', subjunctive: ['ailles', 'alliez'], participle: 'allé', past: 'all', future: 'ir' },
}

const PAST = ['ais', 'ait', 'ions', 'aient']
const FUTURE = ['ai', 'as', 'a', 'ons', 'ez', 'ont', 'ais', 'ait', 'aient']
const agreed = (participle: string): string[] => [participle, `${participle}e`, `${participle}s`, `${participle}es`]

/** The forms of a French verb: those that ask, and those by which one only tells. */
export function conjugateFrench(verb: string): VerbForm[] {
  const irregular = IRREGULAR[verb]
  return formsOf(verb, 'fr', irregular ? irregularForms(verb, irregular) : regularForms(verb))
}

const irregularForms = (verb: string, { tu, vous, nous, subjunctive, participle, past, future }: Irregular) => ({
  infinitive: [verb], tu: [tu, ...(tu.endsWith('e') ? [`${tu}s`] : [])], vous: [vous], nous: [nous], subjunctive, participle: agreed(participle), gerund: [`${past}ant`],
  other: [...PAST.map((end) => past + end), ...FUTURE.map((end) => future + end), `${past}ent`],
})

function regularForms(verb: string) {
  const stem = verb.slice(0, -2)
  const silent = SILENT_STEMS[verb] ?? (stem.endsWith('y') ? `${stem.slice(0, -1)}i` : stem.replace(/é(?=[bcdfghjklmnpqrstvxz]+$)/, 'è'))
  const soft = stem.endsWith('c') ? `${stem.slice(0, -1)}ç` : stem.endsWith('g') ? `${stem}e` : stem
  const futures = [stem, silent].flatMap((root) => FUTURE.map((end) => `${root}er${end}`))
  return {
    infinitive: [verb], tu: [`${silent}e`, `${silent}es`, ...(stem.endsWith('ay') ? [`${stem}e`, `${stem}es`] : [])], vous: [`${stem}ez`], nous: [`${soft}ons`],
    subjunctive: [`${silent}es`, `${stem}iez`], participle: agreed(`${stem}é`), gerund: [`${soft}ant`],
    other: [...PAST.map((end) => soft + end), `${soft}ai`, `${soft}a`, `${silent}ent`, ...new Set(futures)],
  }
}
