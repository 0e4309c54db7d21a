import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { EFFECTS, type Effect } from '../../../platform/action.ts'
import { fromCompact } from './compact.ts'
import { encode } from './encode.ts'
import { Encoding } from './encoding.ts'

const compactOf = (text: string, effect: Effect = 'READ', sensitive = false): string => encode({ text, effect, sensitive }).compact

test('French and English requests are encoded by their words', () => {
  const table: [string, Effect, string][] = [
    ['Résume le compte rendu de la réunion de lundi', 'READ', 'SUM.MTG.MTG.ANA#FACT#NEXT'],
    ['Summarise the meeting in one sentence', 'READ', 'SUM.MTG.MTG.ANA#FACT#NEXT~XS'],
    ['Compare les deux contrats dans un tableau, en bref, avec les risques', 'READ', 'CMP.DOC.DOC.ANA#RISK>TABLE~S'],
    ['Make a detailed comparison of the options on the web', 'READ', 'CMP.EXT.SEL.ANA#OPT~L'],
    ['Why did costs rise in all my projects?', 'READ', 'ANA.WS.WS.ANA#FACT#RISK'],
    ['Vérifie la lettre', 'READ', 'VER.DOC.DOC.CHECK#FACT#GAP'],
    ['Planifie les prochaines étapes', 'READ', 'PLN.SEL.SEL.PREP#NEXT'],
    ['Reformule ce passage', 'READ', 'REF.SEL.SEL.DRAFT#FACT!RW!TRACE'],
    ['Cartographie les dépendances des tâches', 'READ', 'MAP.WS.WS.ANA#FACT#GAP'],
    ['Trie mes notes et les fichiers', 'READ', 'CLS.DOC.DOC.ANA#FACT'],
    ['Montre mes notes et mes réunions', 'READ', 'EXT.MIX.WS.ANA#FACT'],
    ['Crée une note : acheter du pain', 'CREATE', 'GEN.DOC.DOC.DRAFT#FACT!TRACE'],
    ['Change le titre de la note', 'UPDATE', 'REF.DOC.DOC.DRAFT#FACT!RW!TRACE'],
    ['Supprime la note « Résumé du projet »', 'DELETE', 'DEC.DOC.LOCK.PREP#OPT#RISK!TRACE'],
    ['Envoie un résumé à Paul', 'SEND', 'SUM.SEL.LOCK.PREP#FACT#NEXT!TRACE'],
    ['Pay the invoice', 'PAYMENT', 'DEC.SEL.LOCK.PREP#OPT#RISK!TRACE'],
    ['Peut-être analyser tous mes projets', 'READ', 'ANA.WS.WS.ANA#FACT#RISK!UNC'],
    ['', 'READ', 'EXT.SEL.SEL.ANA#FACT'],
  ]

  for (const [text, effect, compact] of table) assert.equal(compactOf(text, effect), compact, text)
})

test('a sensitive request is locked and traced, and leaves the workspace out', () => {
  assert.equal(compactOf('Analyse tous mes projets', 'READ', true), 'ANA.SEL.LOCK.ANA#FACT#RISK!SENS!TRACE')
  assert.equal(compactOf('Analyse tous mes projets et le contrat', 'READ', true), 'ANA.DOC.LOCK.ANA#FACT#RISK!SENS!TRACE')
})

test('the intent speaks when the words do not', () => {
  assert.equal(encode({ text: 'le contrat', effect: 'READ', sensitive: false, intent: 'summarize' }).encoding.act, 'SUM')
  assert.equal(encode({ text: 'le contrat', effect: 'READ', sensitive: false, intent: 'unknown' }).encoding.act, 'EXT')
})

test('at most five points of attention, the first named first', () => {
  const { encoding } = encode({ text: 'risques, faits, options, opportunités, lacunes, contraintes', effect: 'READ', sensitive: false })

  assert.deepEqual(encoding.focus, ['RISK', 'FACT', 'OPT', 'OPP', 'GAP'])
})

test('whatever is asked, the encoding breaks no rule and its compact line says it whole', () => {
  const word = fc.constantFrom('résume', 'rewrite', 'projets', 'note', 'web', 'réunion', 'risques', 'options', 'tableau', 'peut-être', 'exhaustif', '«', '»', '"')
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')))

  fc.assert(fc.property(text, fc.constantFrom(...EFFECTS), fc.boolean(), (given, effect, sensitive) => {
    const { encoding, compact, quality } = encode({ text: given, effect, sensitive })

    assert.deepEqual(Encoding.parse(encoding), encoding)
    assert.deepEqual(fromCompact(compact), encoding)
    assert.ok(Number.isInteger(quality.score) && quality.score >= 0 && quality.score <= 100)
    assert.equal(encoding.flags.sens, sensitive)
    assert.equal(encoding.flags.trace || effect === 'READ', true)
  }), { numRuns: 2000 })
})

test('a long hostile text is read in no time', () => {
  const startedAt = performance.now()
  for (const text of ['«'.repeat(1_000_000), 'organi'.repeat(200_000), '"'.repeat(1_000_001), 'é'.repeat(1_000_000)]) compactOf(text)

  assert.ok(performance.now() - startedAt < 1000)
})
