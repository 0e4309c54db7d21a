import { NotConfigured } from '../../platform/problems.ts'
import type { Language } from '../../platform/text.ts'
import { UnknownTool } from '../governance/errors.ts'
import { NotACommand, NotUnderstood, Unclear } from './errors.ts'
import { intentOf } from './intent.ts'
import type { Nova } from './nova.ts'
import { describeAbilities } from './sentences/describe-abilities.ts'
import { planOffline } from './sentences/plan-offline.ts'
import type { Command, RunState } from './run/run-state.ts'

export type Planned = Pick<RunState, 'planner' | 'intent'> & { commands: Command[]; language: Language | null }

type Asked = { message: string; action: { tool: string; args: Record<string, unknown> } | null; now: Date; language: Language }

/** Lane A: which calls the message stands for. Throws a problem that says what is missing; never guesses an effect. */
export function plan(nova: Nova, { message, action, now, language }: Asked): Planned {
  if (action) return planGiven(nova, message, action)
  if (nova.claude) return { planner: 'claude', intent: intentOf({ text: message, commands: [] }), commands: [], language: null }
  const planned = planOffline(message, { tools: nova.plannerTools(), now, timeZone: nova.gate.platform.settings.TIME_ZONE })
  if (planned.kind !== 'commands' && ONLY_A_MODEL.test(message)) throw NeedsModel()
  switch (planned.kind) {
    case 'commands': {
      const commands = planned.commands.map(({ tool, args }) => ({ tool, args }))
      const confidence = Math.min(...planned.commands.map((command) => command.confidence))
      return { planner: 'offline', intent: { ...intentFor(nova, message, commands), confidence }, commands, language: planned.language }
    }
    case 'unsure': throw Unclear({ ask: planned.ask, candidates: planned.candidates, missing: planned.missing })
    case 'not_understood': throw NotUnderstood({ abilities: { en: describeAbilities(nova.plannerTools(), 'en'), fr: describeAbilities(nova.plannerTools(), 'fr') } })
    case 'question': throw QuestionNeedsModel()
    default: throw NotACommand({ mood: planned.kind, language } as { mood: string })
  }
}

/** What asks for thinking or writing, which no tool does. */
const ONLY_A_MODEL = /^\s*(?:(?:peux-tu|pouvez-vous|can you|could you|please|stp|s'il te plaît|nova)[\s,]+)*(?:r[ée]sume[rz]?|summari[sz]e|tradui[st]\w*|translate|expli(?:que|cate)\w*|explain|analyse[rz]?|analy[sz]e|compare[rz]?|brainstorm|propose[rz]?|sugg[èe]re\w*|suggest|r[ée]fl[ée]chi\w*|imagine|invente\w*|(?:[ée]cri[st]|r[ée]dige|write|compose)\s+(?:moi\s+|me\s+)?(?:une?|a|an)\s+(?:po[èe]me?|poem|story|histoire|essay|texte|discours|speech|article|blog|chanson|song|r[ée]sum[ée]|summary))\b/i

const NeedsModel = () => NotConfigured({
  setting: 'ANTHROPIC_API_KEY',
  en: 'Only a model can do that. Set ANTHROPIC_API_KEY. Nothing was done.',
  fr: 'Seul un modèle peut faire cela. Définissez ANTHROPIC_API_KEY. Rien n’a été fait.',
})

const QuestionNeedsModel = () => NotConfigured({
  setting: 'ANTHROPIC_API_KEY',
  en: 'That is a question: answering it needs a model. Set ANTHROPIC_API_KEY. Nothing was done.',
  fr: 'C’est une question : y répondre demande un modèle. Définissez ANTHROPIC_API_KEY. Rien n’a été fait.',
})

function planGiven(nova: Nova, message: string, { tool, args }: { tool: string; args: Record<string, unknown> }): Planned {
  if (!nova.gate.actions.has(tool)) throw UnknownTool({ tool })
  return { planner: 'none', intent: intentFor(nova, message, [{ tool, args }]), commands: [{ tool, args }], language: null }
}

const intentFor = (nova: Nova, text: string, commands: Command[]): RunState['intent'] =>
  intentOf({ text, commands: commands.map(({ tool, args }) => ({ tool, args, effect: nova.gate.actions.get(tool)?.effect ?? 'EXECUTE' })) })
