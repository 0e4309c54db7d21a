import { z } from 'zod'
import type { IdentityId, UserId } from '../../platform/ids.ts'
import type { Language } from '../../platform/text.ts'
import { findHeldTools } from '../governance/policy/held-tools.ts'
import type { Tool } from './contract.ts'
import { NOVA_ACTOR, type Nova } from './nova.ts'

type Whose = { identityId: IdentityId; userId: UserId }

/** Every registered action as a tool of Nova's, and whether it waits for the approval of the person it works for. */
export async function listTools({ gate }: Nova, whose: Whose, language: Language): Promise<Array<z.output<typeof Tool>>> {
  const held = await findHeldTools(gate, whose, { actor: NOVA_ACTOR, via: 'nova' })
  return [...gate.actions.values()].map((action) => ({
    name: action.name, title: action.title[language], effect: action.effect, held: held.has(action.name),
    input_schema: z.toJSONSchema(action.input, { io: 'input' }) as Record<string, unknown>,
  }))
}
