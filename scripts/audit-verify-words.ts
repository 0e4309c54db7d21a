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
  progress(links: number, of: number): string
  holds(links: number): string
  anchored(events: number, at: string | null, rest: number): string
  unknownKeys(count: number): string
  ownKey: string
  noted: string
  adviseHead: string
  noHead(head: string): string
  unreadableAnchors(count: number): string
  brokenAt(seq: number): string
  notRunning(dataDir: string): string
  noDatabase(code: string): string
  noChain: string
  adviseAnchors: string
  total(of: { chains: number; events: number; anchored: number; broken: number }): string
  broken(fault: Fault): string
  before(links: number): string
  because: Record<BrokenBecause, string>
  unusable: Record<'empty' | 'not_an_export', (file: string) => string>
  unreadable(file: string, code: string): string
}

const en = (n: number): string => n.toLocaleString('en')
const fr = (n: number): string => n.toLocaleString('fr')

export const EN: Words = {
  usage: `Usage: npm run audit:verify -- <export.jsonl or -> [--head <hash noted earlier>]
       npm run audit:verify -- [--database <url>] [--identity <id>]    (without an address: the instance that runs in DATA_DIR)
Options: --anchors <file of signed checkpoints>, --key <public key>, --lang en|fr
Exit: 0 it holds, 1 it is broken, 2 it could not be verified`,
  identity: 'identity', exported: 'exported', events: 'events', head: 'head',
  number: en,
  progress: (links, of) => `${en(links)} of ${en(of)} links`,
  holds: (links) => (links === 0 ? 'The chain holds: it has no link yet.' : links === 1 ? 'The chain holds: its one link verifies and is the head.' : `The chain holds: all ${en(links)} links verify, and the last one is the head.`),
  anchored: (events, at, rest) => `${events === 0 ? 'No event is anchored' : `Events 1 to ${en(events)} are anchored by a checkpoint signed at ${at}`}${rest === 0 ? '.' : `; ${en(rest)} not yet.`}`,
  unknownKeys: (count) => `${en(count)} ${count === 1 ? 'checkpoint is' : 'checkpoints are'} signed with a key that is not known here; nothing is concluded from ${count === 1 ? 'it' : 'them'}.`,
  ownKey: 'The key is the one that the file itself names: give the instance’s own as --key to know whose checkpoints these are.',
  noted: 'The head that you noted lies in it: nothing up to there was written anew.',
  adviseHead: 'Note the head somewhere else and give it as --head next time: that shows whether a whole chain was written anew.',
  noHead: (head) => `The links hold together, but the head that you noted is not among them: this is another chain.\n  noted ${head}`,
  unreadableAnchors: (count) => `${en(count)} ${count === 1 ? 'line' : 'lines'} of the file of checkpoints cannot be read and ${count === 1 ? 'was' : 'were'} passed over.`,
  brokenAt: (seq) => `Broken at event ${en(seq)}.`,
  notRunning: (dataDir) => `No instance runs in ${dataDir}.`,
  noDatabase: (code) => `The database cannot be read (${code}).`,
  noChain: 'There is no such chain.',
  adviseAnchors: 'Give the file of signed checkpoints as --anchors: it shows whether a chain was written anew, head and all.',
  total: ({ chains, events, anchored, broken }) => `${broken === 0 ? 'The record holds' : `${en(broken)} of ${en(chains)} chains are broken`}: ${en(events)} events in ${en(chains)} ${chains === 1 ? 'chain' : 'chains'} verify, ${en(anchored)} of them anchored.`,
  broken: ({ line, seq }) => `The chain is broken at line ${en(line)}, event ${en(seq)}.`,
  before: (links) => (links === 0 ? 'No event comes before it.' : links === 1 ? 'The event before it holds.' : `The ${en(links)} events before it hold.`),
  because: {
    missing: 'Missing: this event is not there.',
    reordered: 'Reordered: the events do not stand in the order of their numbers.',
    broken_link: 'Broken link: its previous hash is not the hash of the event before it, so one of the two was replaced.',
    changed: 'Changed: its hash is not the hash of what it says.',
    not_canonical: 'Rewritten: the line says the same but is not the text that was exported.',
    column_mismatch: 'Columns: what is searched differs from what was hashed.',
    other_identity: 'Another identity: the event belongs to someone else than the file says.',
    unreadable: 'Unreadable: the line is no link; it was damaged, or the file was cut there.',
    cut: 'Cut: its head or a signed checkpoint counts more events than there are.',
    head_mismatch: 'Head: it does not end with the event that its head names.',
    anchor_forged: 'Forged checkpoint: it is not signed by the key that it names.',
    anchor_mismatch: 'Rewritten: a signed checkpoint says something else of the events up to here.',
    opened_mismatch: 'Details: what the line shows is not what the chain sealed.',
    proof_mismatch: 'Proof: it does not lead from the signed checkpoint to this chain.',
  },
  unusable: {
    empty: (file) => `${file} is empty.`,
    not_an_export: (file) => `${file} is not an audit export: its first line is not a chenu.audit header.`,
  },
  unreadable: (file, code) => `${file} cannot be read (${code}).`,
}

export const FR: Words = {
  usage: `Utilisation : npm run audit:verify -- <export.jsonl ou -> [--head <empreinte notée auparavant>]
              npm run audit:verify -- [--database <url>] [--identity <id>]    (sans adresse : l’instance active dans DATA_DIR)
Options : --anchors <fichier des points de contrôle signés>, --key <clé publique>, --lang en|fr
Code de sortie : 0 le registre tient, 1 il est rompu, 2 il n’a pas pu être vérifié`,
  identity: 'identité', exported: 'exporté le', events: 'événements', head: 'tête',
  number: fr,
  progress: (links, of) => `${fr(links)} maillons sur ${fr(of)}`,
  holds: (links) => (links === 0 ? 'La chaîne tient : elle n’a encore aucun maillon.' : links === 1 ? 'La chaîne tient : son seul maillon est vérifié et c’est la tête.' : `La chaîne tient : les ${fr(links)} maillons sont vérifiés et le dernier est la tête.`),
  anchored: (events, at, rest) => `${events === 0 ? 'Aucun événement n’est ancré' : `Les événements 1 à ${fr(events)} sont ancrés par un point de contrôle signé le ${at}`}${rest === 0 ? '.' : ` ; ${fr(rest)} pas encore.`}`,
  unknownKeys: (count) => `${fr(count)} ${count === 1 ? 'point de contrôle est signé' : 'points de contrôle sont signés'} avec une clé inconnue ici ; rien n’en est conclu.`,
  ownKey: 'La clé est celle que le fichier nomme lui-même : donnez celle de l’instance avec --key pour savoir de qui viennent ces points de contrôle.',
  noted: 'La tête que vous aviez notée s’y trouve : rien n’a été réécrit jusque-là.',
  adviseHead: 'Notez la tête ailleurs et donnez-la avec --head la prochaine fois : cela montre si toute la chaîne a été réécrite.',
  noHead: (head) => `Les maillons tiennent ensemble, mais la tête que vous aviez notée n’en fait pas partie : c’est une autre chaîne.\n  notée ${head}`,
  unreadableAnchors: (count) => `${fr(count)} ${count === 1 ? 'ligne' : 'lignes'} du fichier des points de contrôle ${count === 1 ? 'est illisible et a été passée' : 'sont illisibles et ont été passées'}.`,
  brokenAt: (seq) => `Rompue à l’événement ${fr(seq)}.`,
  notRunning: (dataDir) => `Aucune instance n’est active dans ${dataDir}.`,
  noDatabase: (code) => `La base de données ne peut pas être lue (${code}).`,
  noChain: 'Cette chaîne n’existe pas.',
  adviseAnchors: 'Donnez le fichier des points de contrôle signés avec --anchors : il montre si une chaîne a été réécrite, tête comprise.',
  total: ({ chains, events, anchored, broken }) => `${broken === 0 ? 'Le registre tient' : `${fr(broken)} chaînes sur ${fr(chains)} sont rompues`} : ${fr(events)} événements en ${fr(chains)} ${chains === 1 ? 'chaîne' : 'chaînes'} sont vérifiés, dont ${fr(anchored)} ancrés.`,
  broken: ({ line, seq }) => `La chaîne est rompue à la ligne ${fr(line)}, événement ${fr(seq)}.`,
  before: (links) => (links === 0 ? 'Aucun événement ne le précède.' : links === 1 ? 'L’événement qui le précède tient.' : `Les ${fr(links)} événements qui le précèdent tiennent.`),
  because: {
    missing: 'Manquant : cet événement n’y est pas.',
    reordered: 'Déplacé : les événements ne sont pas dans l’ordre de leurs numéros.',
    broken_link: 'Maillon rompu : son empreinte précédente n’est pas celle de l’événement d’avant, donc l’un des deux a été remplacé.',
    changed: 'Modifié : son empreinte n’est pas celle de ce qu’il dit.',
    not_canonical: 'Réécrit : la ligne dit la même chose mais n’est pas le texte exporté.',
    column_mismatch: 'Colonnes : ce qui est cherché diffère de ce qui a été haché.',
    other_identity: 'Autre identité : l’événement appartient à quelqu’un d’autre que ne le dit le fichier.',
    unreadable: 'Illisible : la ligne n’est pas un maillon ; elle est abîmée, ou le fichier a été coupé là.',
    cut: 'Coupé : sa tête ou un point de contrôle signé compte plus d’événements qu’il n’y en a.',
    head_mismatch: 'Tête : elle ne se termine pas par l’événement que nomme sa tête.',
    anchor_forged: 'Faux point de contrôle : il n’est pas signé par la clé qu’il nomme.',
    anchor_mismatch: 'Réécrite : un point de contrôle signé dit autre chose des événements jusqu’ici.',
    opened_mismatch: 'Détails : ce que la ligne montre n’est pas ce que la chaîne a scellé.',
    proof_mismatch: 'Preuve : elle ne mène pas du point de contrôle signé à cette chaîne.',
  },
  unusable: {
    empty: (file) => `${file} est vide.`,
    not_an_export: (file) => `${file} n’est pas un export d’audit : sa première ligne n’est pas un en-tête chenu.audit.`,
  },
  unreadable: (file, code) => `${file} ne peut pas être lu (${code}).`,
}
