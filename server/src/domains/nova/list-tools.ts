import { z } from 'zod'
import type { Language } from '../../platform/text.ts'
import { decide } from '../policies/decide.ts'
import type { Tool } from './contract.ts'
import { NOVA_ACTOR, type Nova } from './nova.ts'

/** Every registered action as a tool of Nova's. */
export const listTools = ({ gate }: Nova, language: Language): Array<z.output<typeof Tool>> => [...gate.actions.values()].map((action) => ({
  name: action.name, title: action.title[language], effect: action.effect,
  held: decide({ actor: NOVA_ACTOR.kind, via: 'nova', effect: action.effect, leavesSphere: false }).verdict === 'hold',
  input_schema: z.toJSONSchema(action.input, { io: 'input' }) as Record<string, unknown>,
}))
