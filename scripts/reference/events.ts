import type { EventKind } from '../../server/src/platform/events/emit.ts'
import { code, page, table } from './markdown.ts'

/** Data of any kind of event, whose members are all 1: enough to ask on which channels it is heard. */
const anyData = new Proxy({}, { get: () => 1 }) as never

function channelsOf(kind: EventKind<never>): string[] {
  const shapes: Array<[RegExp, string]> = [[/^sphere:/, 'sphere:{code}'], [/^thread:/, 'thread:{id}'], [/^user:/, 'user:{id}']]
  return kind.channels(anyData).map((channel) => shapes.find(([shape]) => shape.test(channel))?.[1] ?? channel)
}

/** Every kind of event with the channels on which sockets hear it. */
export function eventsPage(kinds: ReadonlyMap<string, EventKind<never>>): string {
  const sorted = [...kinds.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return page(
    'Events',
    'Written in the transaction of the change that they tell, and handed to `/ws` once it is committed. What belongs to a person is also heard on their own `user:{id}`.',
    table(['event', 'channels besides user:{id}'], sorted.map((kind) => [code(kind.name), channelsOf(kind).map(code).join(', ')])),
  )
}
