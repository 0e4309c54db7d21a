import assert from 'node:assert/strict'
import { before, suite, test } from 'node:test'
import fc from 'fast-check'
import { startWorld } from '../../../testing/world.ts'
import { planOffline, type OfflinePlan } from './plan-offline.ts'
import { plannerToolOf, type PlannerTool } from './planner-tool.ts'
import { englishUtterances } from './testing/utterances-en.ts'
import { frenchUtterances } from './testing/utterances-fr.ts'
import { strangersUtterances } from './testing/utterances-strangers.ts'
import type { Utterance } from './testing/utterance.ts'

const NOW = new Date('2026-11-21T10:00:00Z')
const ACCURACY_MIN = 0.98

/** A plan on one line: the calls, or what the sentence is. */
function showPlan(plan: OfflinePlan): string {
  if (plan.kind !== 'commands') return plan.kind
  return plan.commands.map(({ tool, args }) => `${tool} ${JSON.stringify(args)}`).join(' ; ')
}

/** The same plan whatever the order of its members. */
const normal = (planned: string): string => planned.replace(/\{.*?\}(?= ;|$)/g, (json) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(json) as Record<string, unknown>).toSorted())))

suite('the offline planner', () => {
  let tools: PlannerTool[]
  before(async () => {
    const world = await startWorld()
    tools = [...world.app.gate.actions.values()].map(plannerToolOf)
    await world.close()
  })
  const plan = (text: string, timeZone = 'UTC'): OfflinePlan => planOffline(text, { tools, now: NOW, timeZone })
  const shown = (text: string): string => normal(showPlan(plan(text)))

  function accuracy(tell: (line: string) => void, name: string, utterances: Utterance[]): { share: number; wrongEffects: string[] } {
    const wrong = utterances.filter(({ text, planned }) => shown(text) !== normal(planned))
    for (const { text, planned } of wrong) tell(`wrong: ${text} | planned ${shown(text)} | right ${planned}`)
    const share = 1 - wrong.length / utterances.length
    tell(`${name}: ${utterances.length} utterances, ${(share * 100).toFixed(1)} % right`)
    const wrongEffects = wrong.filter(({ text }) => plan(text).kind === 'commands').map(({ text }) => text)
    return { share, wrongEffects }
  }

  for (const [name, utterances] of [['French', frenchUtterances], ['English', englishUtterances], ['Strangers', strangersUtterances]] as const) {
    test(`${name}: at least 98 % are planned right, and nothing is done that was not said`, (context) => {
      assert.ok(utterances.length >= (name === 'Strangers' ? 60 : 150))

      const { share, wrongEffects } = accuracy((line) => { context.diagnostic(line) }, name, utterances)

      assert.deepEqual(wrongEffects, [])
      assert.ok(share >= ACCURACY_MIN)
    })
  }

  test('a new action is understood by its schema and its noun, without a word about it in the grammar', () => {
    const bookmark: PlannerTool = {
      name: 'bookmarks.create', object: 'bookmarks', verb: 'create', effect: 'CREATE', nouns: { en: ['bookmark'], fr: ['signet'] },
      fields: [{ name: 'title', required: true, format: null, choices: null }],
    }
    const removal: PlannerTool = { ...bookmark, name: 'bookmarks.delete', verb: 'delete', effect: 'DELETE', fields: [{ name: 'bookmark_id', required: true, format: 'uuid', choices: null }] }
    const withBookmarks = { tools: [...tools, bookmark, removal], now: NOW, timeZone: 'UTC' }

    assert.equal(showPlan(planOffline('Ajoute un signet « Météo »', withBookmarks)), 'bookmarks.create {"title":"Météo"}')
    assert.equal(showPlan(planOffline('delete the bookmark Weather', withBookmarks)), 'bookmarks.delete {"bookmark_id":{"ref":"bookmark","title":"Weather"}}')
  })

  test('a day is one of the instance’s time zone, over the change of the clocks too', () => {
    assert.match(showPlan(plan('add a task "Call" for tomorrow at 9am', 'America/Toronto')), /2026-11-22T14:00:00\.000Z/)
    assert.match(showPlan(plan('rappelle-moi d’appeler Paul le 8 juillet à 9h', 'America/Toronto')), /2027-07-08T13:00:00\.000Z/)
    assert.match(showPlan(plan('ajoute une tâche Impôts pour demain', 'Europe/Paris')), /2026-11-22T08:00:00\.000Z/)
  })

  test('what is quoted is never a command, whatever it says', () => {
    for (const { text } of [...frenchUtterances, ...englishUtterances]) {
      if (/["«»“”]/.test(text)) continue
      const planned = plan(`create a note titled "${text}"`)
      assert.deepEqual(planned.kind === 'commands' && planned.commands.map(({ tool, args }) => [tool, args.title]), [['notes.create', text]])
    }
  })

  test('what follows a colon is never a command, whatever it says', () => {
    for (const { text } of [...frenchUtterances, ...englishUtterances]) {
      const planned = plan(`envoie un message à Marie : ${text}`)
      assert.deepEqual(planned.kind === 'commands' && planned.commands.map(({ tool }) => tool), ['messages.send'], text)
    }
  })

  test('it never throws and always ends, on whatever is typed', () => {
    const word = fc.constantFrom('delete', 'supprime', 'the', 'la', 'note', 'et', 'and', ',', '.', ':', '"', '«', '»', "'", '1 250,50 €', 'demain', 'next friday', 'à', 'to', 'not', 'if', '\u{e001}', '💥', '\n', '  ')
    fc.assert(fc.property(fc.oneof(fc.array(word, { maxLength: 80 }).map((words) => words.join(' ')), fc.string({ maxLength: 400, unit: 'grapheme' })), (text) => {
      assert.ok(typeof plan(text).kind === 'string')
    }), { numRuns: 500, seed: 20_261_121 })
  })

  test('10,000 characters of anything are planned without hanging', () => {
    const pieces = [' ', 'a', '"', "'", ',', '. ', ' et ', ' and ', '1', '1,', '1 ', ' : ', 'é', 'delete the note ', 'supprime la note X et ', 'à ', 'please ', ' - ', '«', 'x@', 'for ', 'tomorrow ', '9h ', '$1,', ' to ', 'the title of ']
    for (const piece of pieces) {
      const started = performance.now()
      plan(piece.repeat(Math.ceil(10_000 / piece.length)))
      plan(`delete the note ${piece.repeat(Math.ceil(9_000 / piece.length))}`)
      assert.ok(performance.now() - started < 5_000, `${JSON.stringify(piece)} took ${performance.now() - started} ms`)
    }
  })
})
