import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ROLES } from '../policies/requirement.ts'
import { decidersFrom, mayManage } from './roles.ts'

test('who decides where a role is asked for: that one and those above, an auditor never', () => {
  assert.deepEqual(ROLES.map(decidersFrom), [['owner'], ['owner', 'admin'], ['owner', 'admin', 'member'], ['owner', 'admin', 'member']])
})

test('an admin manages everybody but owners, members and auditors nobody', () => {
  assert.deepEqual(ROLES.map((own) => ROLES.filter((other) => mayManage(own, other))), [['owner', 'admin', 'member', 'auditor'], ['admin', 'member', 'auditor'], [], []])
})
