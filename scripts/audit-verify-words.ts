import type { BrokenBecause } from '../server/src/domains/audit/contract.ts'

type Fault = { line: number; seq: number }

/** What the verifier says, in one language. */
export type Words = {
  usage: string
  identity: string
  exported: string
  events: string
  head: string
  number(n: number): string
  progress(links: number): string
  holds(links: number): string
  anchored: string
  adviseAnchor: string
  noAnchor(head: string): string
  broken(fault: Fault): string
  before(links: number): string
  because: Record<BrokenBecause, string>
  unusable: Record<'empty' | 'not_an_export', (file: string) => string>
  unreadable(file: string, code: string): string
}

const en = (n: number): string => n.toLocaleString('en')
const fr = (n: number): string => n.toLocaleString('fr')

export const EN: Words = {
  usage: 'Usage: npm run audit:verify -- <export.jsonl or -> [--head <hash noted earlier>]',
  identity: 'identity', exported: 'exported', events: 'events', head: 'head',
  number: en,
  progress: (links) => `${en(links)} links …`,
  holds: (links) => (links === 0 ? 'The chain holds: it has no link yet.' : links === 1 ? 'The chain holds: its one link verifies and is the head.' : `The chain holds: all ${en(links)} links verify, and the last one is the head.`),
  anchored: 'The head that you noted lies in it: nothing up to there was written anew.',
  adviseAnchor: 'Note the head somewhere else and give it as --head next time: that shows whether a whole chain was written anew.',
  noAnchor: (head) => `The links hold together, but the head that you noted is not among them: this is another chain.\n  noted ${head}`,
  broken: ({ line, seq }) => `The chain is broken at line ${en(line)}, event ${en(seq)}.`,
  before: (links) => (links === 0 ? 'No event comes before it.' : links === 1 ? 'The event before it holds.' : `The ${en(links)} events before it hold.`),
  because: {
    missing: 'Missing: this event is not in the file.',
    reordered: 'Reordered: the events do not stand in the order of their numbers.',
    broken_link: 'Broken link: its previous hash is not the hash of the event before it, so one of the two was replaced.',
    changed: 'Changed: its hash is not the hash of what it says.',
    not_canonical: 'Rewritten: the line says the same but is not the text that was exported.',
    column_mismatch: 'Columns: what is searched differs from what was hashed.',
    other_identity: 'Another identity: the event belongs to someone else than the file says.',
    unreadable: 'Unreadable: the line is no link; it was damaged, or the file was cut there.',
    cut: 'Cut: the header promises more events than the file holds.',
    head_mismatch: 'Head: the file does not end with the event that its header names.',
  },
  unusable: {
    empty: (file) => `${file} is empty.`,
    not_an_export: (file) => `${file} is not an audit export: its first line is not a chenu.audit.v1 header.`,
  },
  unreadable: (file, code) => `${file} cannot be read (${code}).`,
}

export const FR: Words = {
  usage: 'Utilisation : npm run audit:verify -- <export.jsonl ou -> [--head <empreinte notée auparavant>]',
  identity: 'identité', exported: 'exporté le', events: 'événements', head: 'tête',
  number: fr,
  progress: (links) => `${fr(links)} maillons…`,
  holds: (links) => (links === 0 ? 'La chaîne tient : elle n’a encore aucun maillon.' : links === 1 ? 'La chaîne tient : son seul maillon est vérifié et c’est la tête.' : `La chaîne tient : les ${fr(links)} maillons sont vérifiés et le dernier est la tête.`),
  anchored: 'La tête que vous aviez notée s’y trouve : rien n’a été réécrit jusque-là.',
  adviseAnchor: 'Notez la tête ailleurs et donnez-la avec --head la prochaine fois : cela montre si toute la chaîne a été réécrite.',
  noAnchor: (head) => `Les maillons tiennent ensemble, mais la tête que vous aviez notée n’en fait pas partie : c’est une autre chaîne.\n  notée ${head}`,
  broken: ({ line, seq }) => `La chaîne est rompue à la ligne ${fr(line)}, événement ${fr(seq)}.`,
  before: (links) => (links === 0 ? 'Aucun événement ne le précède.' : links === 1 ? 'L’événement qui le précède tient.' : `Les ${fr(links)} événements qui le précèdent tiennent.`),
  because: {
    missing: 'Manquant : cet événement n’est pas dans le fichier.',
    reordered: 'Déplacé : les événements ne sont pas dans l’ordre de leurs numéros.',
    broken_link: 'Maillon rompu : son empreinte précédente n’est pas celle de l’événement d’avant, donc l’un des deux a été remplacé.',
    changed: 'Modifié : son empreinte n’est pas celle de ce qu’il dit.',
    not_canonical: 'Réécrit : la ligne dit la même chose mais n’est pas le texte exporté.',
    column_mismatch: 'Colonnes : ce qui est cherché diffère de ce qui a été haché.',
    other_identity: 'Autre identité : l’événement appartient à quelqu’un d’autre que ne le dit le fichier.',
    unreadable: 'Illisible : la ligne n’est pas un maillon ; elle est abîmée, ou le fichier a été coupé là.',
    cut: 'Coupé : l’en-tête annonce plus d’événements que le fichier n’en contient.',
    head_mismatch: 'Tête : le fichier ne se termine pas par l’événement que nomme son en-tête.',
  },
  unusable: {
    empty: (file) => `${file} est vide.`,
    not_an_export: (file) => `${file} n’est pas un export d’audit : sa première ligne n’est pas un en-tête chenu.audit.v1.`,
  },
  unreadable: (file, code) => `${file} ne peut pas être lu (${code}).`,
}
