import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matcherOf } from './pattern.ts'

const TABLE: Array<[pattern: string, name: string, matches: boolean]> = [
  ['task.created', 'task.created', true], ['task.created', 'task.deleted', false],
  ['task.*', 'task.created', true], ['task.*', 'task.deadline.approaching', true], ['task.*', 'task', false], ['task.*', 'tasks.created', false],
  ['*.created', 'note.created', true], ['*.created', 'agent.task.created', false], ['*.created', 'note.updated', false],
  ['agent.*.created', 'agent.task.created', true], ['agent.*.created', 'agent.created', false],
  ['*.task.*', 'agent.task.created', true], ['*.task.*', 'agent.task.deadline.near', true],
  ['atom:*', 'atom:kill', true], ['atom:*', 'atom.kill', false], ['*', 'note.created', true],
]

for (const [pattern, name, matches] of TABLE) {
  test(`the pattern ${pattern} ${matches ? 'finds' : 'passes over'} ${name}`, () => {
    assert.equal(matcherOf(pattern)(name), matches)
  })
}

test('what is no pattern is refused where it is declared', () => {
  for (const pattern of ['', 'task.', '.created', 'Task.created', 'task.cre*', 'task created', '(a+)+$']) assert.throws(() => matcherOf(pattern), TypeError)
})
