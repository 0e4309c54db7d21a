import type { Act, Encoding, Focus, Source } from './encoding.ts'

type Words<Code extends string> = Partial<Record<Code, RegExp>>

// The patterns read text in lower case without accents, French and English together.

/** What a person asks for by a verb of its own. */
export const preciseActs: Words<Act> = {
  SUM: /\b(?:resum\w*|synthe\w*|summar\w*|recap\w*|digest|tldr)\b/,
  STR: /\b(?:structur\w*|organi[sz]\w*|range[rz]?|outlines?|tidy)\b/,
  CMP: /\b(?:compar\w*|versus|vs|differen\w*)\b/,
  ANA: /\b(?:analy\w*|etudi\w*|examin\w*|assess\w*|evalu\w*|pourquoi|why)\b/,
  DEC: /\b(?:deci[ds]\w*|choisi\w*|choose|tranche[rz]?)\b/,
  PLN: /\b(?:planifi\w*|plans?|planning|schedule|roadmap|feuille de route)\b/,
  REF: /\b(?:reformul\w*|reecri\w*|reword\w*|rewrit\w*|rephras\w*|amelior\w*|improve\w*|corrig\w*|correct|modifi\w*|update|renomme[rz]?|rename|change[rz]?)\b/,
  VER: /\b(?:verifi\w*|verify|controle[rz]?|check\w*|valide[rz]?|validate|relis|relire|proofread)\b/,
  MAP: /\b(?:cartograph\w*|carte mentale|mind ?maps?|map|relie[rz]?|depend(?:an|en)\w*)\b/,
  CLS: /\b(?:class(?:e|er|ez|ify|ifi\w*)|trie[rz]?|sort|categori\w*|label)\b/,
}

/** What one also says around a more precise act: "write a summary", "montre une comparaison". */
export const plainActs: Words<Act> = {
  GEN: /\b(?:redig\w*|ecri[rstv]\w*|cree[rz]?|gener\w*|draft\w*|write|create|compose[rz]?|ajoute[rz]?|add|prepare[rz]?|envoie|envoye[rz]|send)\b/,
  EXT: /\b(?:extra(?:ct|i[rst]|y)\w*|trouve[rz]?|cherche[rz]?|liste[rz]?|montre[rz]?|find|search|list|show|quel\w*|what|which|when|where|who|quand|combien)\b/,
}

export const sources: Words<Source> = {
  SEL: /\b(?:selection\w*|selected|ce passage|this passage|ce paragraphe|this paragraph|surligne\w*|highlighted)\b/,
  DOC: /\b(?:documents?|docs?|fichiers?|files?|pdf|notes?|rapports?|reports?|contrats?|contracts?|lettres?|letters?|articles?)\b/,
  WS: /\b(?:espaces? de travail|workspaces?|projets?|projects?|taches?|tasks?|tou(?:te)?s (?:mes|les)|all my|everything)\b/,
  MTG: /\b(?:reunions?|meetings?|rencontres?|rendez-vous|appointments?)\b/,
  EXT: /\b(?:web|internet|en ligne|online|sites?|https?|externes?|external|actualites|news)\b/,
}

export const foci: Words<Focus> = {
  FACT: /\b(?:faits?|facts?|chiffres?|figures|donnees|data|dates?)\b/,
  RISK: /\b(?:risques?|risks?|danger\w*|menaces?|threats?)\b/,
  CONS: /\b(?:contraintes?|constraints?|limites?|limits?|conditions?)\b/,
  OPP: /\b(?:opportunit\w*|occasions?|avantages?|advantages?|benefits?|potenti[ae]ls?)\b/,
  NEXT: /\b(?:prochain\w*|etapes?|suites?|next|steps?|actions?|a faire|to-?do)\b/,
  DEC: /\b(?:deci[ds]\w*)\b/,
  GAP: /\b(?:manqu\w*|lacunes?|ecarts?|gaps?|missing)\b/,
  OPT: /\b(?:options?|alternatives?|choix|choices?|possibilit\w*)\b/,
}

export const outputs: Words<Encoding['out']> = {
  TABLE: /\b(?:tableaux?(?! de bord)|tables?|grilles?|spreadsheets?)\b/,
  CHART: /\b(?:graphi\w*|charts?|courbes?|diagrammes?|diagrams?)\b/,
  JSON: /\bjson\b/,
  HTML: /\bhtml\b/,
  TXT: /\b(?:texte brut|plain text|txt)\b/,
}

export const lengths: Words<Encoding['len']> = {
  XS: /\b(?:une phrase|one sentence|un mot|one word|une ligne|one line)\b/,
  S: /\b(?:courte?s?|bref|breve\w*|brief\w*|short\w*|concis\w*)\b/,
  M: /\b(?:longueur moyenne|medium length)\b/,
  L: /\b(?:detail\w*|long|longue|approfondi\w*|in depth)\b/,
  XL: /\b(?:exhausti\w*|complete?s?|completement|full report)\b/,
}

export const doubt = /\b(?:peut-etre|maybe|perhaps|probabl\w*|approximati\w*|pas sure?|not sure|je ne sais pas|i don't know|incertain\w*|uncertain\w*|je crois|i think|plus ou moins|more or less)\b/

/** The codes whose words occur in the text, by the place of the first. */
export const codesIn = <Code extends string>(text: string, words: Words<Code>): Code[] =>
  (Object.entries(words) as [Code, RegExp][])
    .map(([code, pattern]) => ({ code, at: text.search(pattern) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ code }) => code)
