import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAcceptable } from './accept.ts'

const TAKEN = [undefined, '*/*', 'application/json', 'Application/JSON; charset=utf-8', 'application/*', 'text/*', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/csv, application/json;q=0.001', 'application/json;q=0, application/problem+json', '*/*;q=0, application/json']
const REFUSED = ['text/csv', 'text/html', 'image/*', '*/*;q=0', 'application/json;q=0', 'application/json;q=much', 'application/*;q=0', 'json', '', '*', 'application/']

for (const header of TAKEN) {
  test(`ERR-05: Accept ${header ?? 'left out'} can be answered`, () => { assert.equal(isAcceptable(header), true) })
}
for (const header of REFUSED) {
  test(`ERR-05: Accept ${JSON.stringify(header)} cannot`, () => { assert.equal(isAcceptable(header), false) })
}
