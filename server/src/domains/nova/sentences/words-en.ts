import type { EnglishVerb } from './verbs.ts'

/** English verbs by what they ask for. */
export const ENGLISH_VERBS: EnglishVerb[] = [
  { classes: ['create'], verbs: ['create', 'make', 'draft', 'start', 'open', 'set up', 'save', 'record', 'register', 'jot down', 'note down', 'write down', 'take note', 'put down', 'begin', 'enter', 'prepare', 'schedule', 'plan'],
    fixed: ['new', 'make me', 'create me', 'take a note', 'make a note', 'note that', 'note to self', 'i need a new', 'put'] },
  { classes: ['create', 'post'], verbs: ['add'], fixed: ['add me'] },
  { classes: ['create', 'send', 'post'], verbs: ['write'], fixed: ['write me'] },
  { classes: ['delete'], verbs: ['delete', 'remove', 'erase', 'trash', 'bin', 'get rid of', 'throw away', 'throw out', 'discard', 'scrap', 'destroy', 'dump', 'drop', 'toss', 'wipe'] },
  { classes: ['update'], verbs: ['rename', 'change', 'edit', 'update', 'modify', 'replace', 'rewrite', 'retitle', 'reschedule', 'postpone', 'push back', 'set'] },
  { classes: ['complete'], verbs: ['complete', 'finish', 'tick off', 'check off', 'cross off', 'tick', 'mark', 'close out'] },
  { classes: ['archive', 'complete'], verbs: ['close'] },
  { classes: ['archive'], verbs: ['archive'] },
  { classes: ['reopen'], verbs: ['reopen', 'unarchive', 're-open'] },
  { classes: ['restore'], verbs: ['restore', 'recover', 'undelete', 'bring back', 'undo the deletion of'] },
  { classes: ['search'], verbs: ['show', 'list', 'find', 'search', 'search for', 'look for', 'look up', 'display', 'browse', 'view', 'fetch', 'see', 'pull up'],
    fixed: ['show me', 'list me', 'find me', 'give me', 'get me', 'search in', 'search through', 'let me see', 'get'] },
  { classes: ['send', 'pay'], verbs: ['send'] },
  { classes: ['send'], verbs: ['email', 'e-mail', 'mail', 'message', 'text', 'tell', 'inform', 'notify', 'write to', 'let', 'ping', 'forward'], fixed: ['shoot', 'drop a line to', 'send off'] },
  { classes: ['post'], verbs: ['post', 'reply', 'respond', 'answer', 'say', 'comment on', 'comment in'] },
  { classes: ['transfer', 'pay'], verbs: ['transfer'] },
  { classes: ['transfer', 'update'], verbs: ['move', 'shift'] },
  { classes: ['transfer'], verbs: ['relocate', 'hand over', 'migrate', 'file'] },
  { classes: ['pay'], verbs: ['pay', 'wire', 'remit', 'reimburse', 'settle'], fixed: ['make a payment', 'order a payment', 'send a payment', 'make a transfer', 'order a transfer', 'issue a payment', 'wire transfer'] },
  { classes: ['remind'], verbs: [], fixed: ['remind me', 'reminder', 'make me remember', 'set a reminder', 'set me a reminder', 'setting a reminder', 'create a reminder', 'add a reminder'] },
]
