import type { FrenchVerb } from './verbs.ts'

const er = (infinitive: string, present: string): { infinitive: string; imperative: string[]; subjunctive: string[] } => {
  const stem = infinitive.slice(0, -2)
  return { infinitive, imperative: [present, `${present}s`, `${stem}ez`], subjunctive: [`${present}s`, `${stem}iez`] }
}

/** French verbs by what they ask for. `regular`: in -er without a change of stem. */
export const FRENCH_VERBS: FrenchVerb[] = [
  { classes: ['create'], regular: ['créer', 'ajouter', 'rajouter', 'rédiger', 'enregistrer', 'démarrer', 'lancer', 'commencer', 'noter', 'préparer', 'sauvegarder', 'planifier', 'programmer'],
    irregular: [
      { infinitive: 'faire', imperative: ['fais', 'faites'], subjunctive: ['fasses', 'fassiez'] },
      { infinitive: 'ouvrir', imperative: ['ouvre', 'ouvres', 'ouvrez'], subjunctive: ['ouvres', 'ouvriez'] },
      { infinitive: 'inscrire', imperative: ['inscris', 'inscrivez'], subjunctive: ['inscrives', 'inscriviez'] },
      { infinitive: 'mettre', imperative: ['mets', 'mettez'], subjunctive: ['mettes', 'mettiez'] },
      { infinitive: 'prendre', imperative: ['prends', 'prenez'], subjunctive: ['prennes', 'preniez'] },
    ],
    fixed: ['nouvelle', 'nouveau', 'prends en note', 'prenez en note', 'prends note', 'prenez note', 'prendre note', 'prendre en note', 'fais-moi', 'fais moi', 'ajoute-moi', 'cree-moi', 'note-moi', 'mets-moi', 'note que', 'notez que', 'note de', 'notez de'] },
  { classes: ['create', 'send', 'post'], irregular: [{ infinitive: 'écrire', imperative: ['écris', 'écrivez'], subjunctive: ['écrives', 'écriviez'] }] },
  { classes: ['delete'], regular: ['supprimer', 'effacer', 'retirer', 'éliminer', 'ôter', 'bazarder', 'balancer', 'dégager', 'annihiler'],
    irregular: [
      er('enlever', 'enlève'), { infinitive: 'jeter', imperative: ['jette', 'jettes', 'jetez'], subjunctive: ['jettes', 'jetiez'] },
      { infinitive: 'détruire', imperative: ['détruis', 'détruisez'], subjunctive: ['détruises', 'détruisiez'] },
      { infinitive: 'effaçer', imperative: ['effaces'], subjunctive: [] },
    ],
    fixed: ['debarrasse-moi de', 'debarrasse moi de', 'debarrasse-toi de', 'debarrassez-moi de', 'debarrassez-vous de', 'fais disparaitre', 'se debarrasser de', 'enleve-moi', 'supprime-moi', 'efface-moi', 'vire-moi'] },
  { classes: ['delete', 'pay'], regular: ['virer'] },
  { classes: ['update'], regular: ['renommer', 'modifier', 'changer', 'remplacer', 'corriger', 'reporter', 'repousser', 'décaler', 'rebaptiser', 'éditer', 'actualiser'], fixed: ['mets a jour', 'mettez a jour', 'mettre a jour', 'renomme-moi'] },
  { classes: ['complete'], regular: ['terminer', 'cocher', 'boucler', 'valider', 'marquer'],
    irregular: [er('compléter', 'complète'), er('achever', 'achève'), { infinitive: 'finir', imperative: ['finis', 'finissez'], subjunctive: ['finisses', 'finissiez'] }, { infinitive: 'clore', imperative: ['clos'], subjunctive: [] }] },
  { classes: ['archive'], regular: ['archiver', 'fermer', 'clôturer'] },
  { classes: ['reopen'], regular: ['désarchiver'], irregular: [{ infinitive: 'rouvrir', imperative: ['rouvre', 'rouvrez'], subjunctive: ['rouvres'] }, { infinitive: 'réouvrir', imperative: ['réouvre', 'réouvrez'], subjunctive: [] }] },
  { classes: ['restore'], regular: ['restaurer'], irregular: [er('récupérer', 'récupère'), { infinitive: 'rétablir', imperative: ['rétablis', 'rétablissez'], subjunctive: ['rétablisses'] }] },
  { classes: ['search'], regular: ['chercher', 'rechercher', 'trouver', 'montrer', 'afficher', 'lister', 'retrouver', 'consulter', 'énumérer', 'visualiser'],
    irregular: [{ infinitive: 'voir', imperative: ['vois'], subjunctive: ['voies'] }],
    fixed: ['montre-moi', 'montre moi', 'montrez-moi', 'affiche-moi', 'trouve-moi', 'cherche-moi', 'donne-moi', 'donne moi', 'donnez-moi', 'liste-moi', 'fais-moi voir', 'fais voir', 'sors-moi', 'retrouve-moi', 'me montrer', 'me trouver', 'me donner', 'me chercher', 'm\'afficher', 'me lister', 'me sortir'] },
  { classes: ['send', 'pay'], irregular: [{ infinitive: 'envoyer', imperative: ['envoie', 'envoies', 'envoyez'], subjunctive: ['envoies', 'envoyiez'] }] },
  { classes: ['send'], regular: ['informer', 'adresser', 'expédier', 'aviser'],
    irregular: [
      { infinitive: 'dire', imperative: ['dis', 'dites'], subjunctive: ['dises', 'disiez'] },
      { infinitive: 'prévenir', imperative: ['préviens', 'prévenez'], subjunctive: ['préviennes', 'préveniez'] },
      { infinitive: 'avertir', imperative: ['avertis', 'avertissez'], subjunctive: ['avertisses', 'avertissiez'] },
      { infinitive: 'transmettre', imperative: ['transmets', 'transmettez'], subjunctive: ['transmettes'] },
      { infinitive: 'écrire à', imperative: ['écris à', 'écrivez à'], subjunctive: ['écrives à'] },
    ],
    fixed: ['fais savoir', 'faites savoir', 'faire savoir'] },
  { classes: ['post'], regular: ['poster', 'publier', 'commenter'], irregular: [{ infinitive: 'répondre', imperative: ['réponds', 'répondez'], subjunctive: ['répondes', 'répondiez'] }] },
  { classes: ['transfer'], regular: ['déplacer', 'bouger', 'basculer', 'migrer', 'ranger', 'classer', 'passer'] },
  { classes: ['transfer', 'pay'], irregular: [er('transférer', 'transfère')] },
  { classes: ['pay'], regular: ['verser', 'rembourser', 'acquitter'], irregular: [{ infinitive: 'payer', imperative: ['paie', 'paye', 'paies', 'payez'], subjunctive: ['paies', 'payes', 'payiez'] }, er('régler', 'règle')],
    fixed: ['fais un virement', 'faites un virement', 'faire un virement', 'effectue un virement', 'effectuer un virement', 'fais un paiement', 'effectue un paiement', 'ordonne un paiement', 'fais un versement', 'passe un ordre de paiement', 'prepare un virement', 'fais virer', 'fasses un virement'] },
  { classes: ['remind'],
    irregular: [
      { infinitive: 'me rappeler', imperative: ['rappelle-moi', 'rappelle moi', 'rappelez-moi', 'rappelez moi'], subjunctive: ['me rappelles', 'me rappeliez'] },
      { infinitive: 'me faire penser', imperative: ['fais-moi penser', 'fais moi penser', 'faites-moi penser'], subjunctive: ['me fasses penser', 'me fassiez penser'] },
    ] },
]
