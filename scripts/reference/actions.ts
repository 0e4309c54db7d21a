import { z } from 'zod'
import { createDefaultDecision } from '../../server/src/domains/policies/default-decision.ts'
import type { AnyAction } from '../../server/src/platform/action.ts'
import { code, page, table } from './markdown.ts'

function argumentsOf({ input }: AnyAction): string {
  const { properties = {}, required = [] } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })
  return Object.keys(properties).map((name) => code(required.includes(name) ? name : `${name}?`)).join(', ')
}

/** Every action: what it takes, what it does to the world, and for whom it waits for a human. */
export function actionsPage(actions: ReadonlyMap<string, AnyAction>): string {
  const decide = createDefaultDecision(actions)
  const waits = (kind: 'person' | 'nova', action: AnyAction): boolean => decide(action, { actor: { kind, id: kind }, via: kind === 'nova' ? 'nova' : 'rest' }).verdict === 'hold'
  const sorted = [...actions.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return page(
    'Actions',
    'Everything one can do. Each is a tool of Nova and passes the same gate however it is called. “Waits” tells whose call is held with HTTP 423 until a human approves it.',
    table(['action', 'effect', 'arguments', 'waits', 'what it does', 'ce qu’elle fait'], sorted.map((action) => [
      code(action.name), action.effect, argumentsOf(action), waits('person', action) ? 'always' : waits('nova', action) ? 'for Nova' : 'never', action.title.en, action.title.fr,
    ])),
  )
}
