import { NotConfigured } from '../../../platform/problems.ts'
import type { ClaudeStep, ClaudeTool } from '../../../adapters/llm/claude.ts'
import { listTools } from '../list-tools.ts'
import { workerOf, type Nova } from '../nova.ts'
import type { RunState } from '../run/run-state.ts'
import { payForCall } from './pay-for-call.ts'
import { systemPrompt } from './system-prompt.ts'

/** Asks the model for its next step, once. It begins only while the fence lets it, and a stop aborts it. */
export async function askClaude(nova: Nova, run: RunState, messages: unknown[]): Promise<ClaudeStep> {
  const { gate, claude, inFlight } = nova
  const { language } = run
  if (!claude) throw NotConfigured({ setting: 'ANTHROPIC_API_KEY', en: 'Claude is not configured any more: set ANTHROPIC_API_KEY.', fr: 'Claude n’est plus configuré : définissez ANTHROPIC_API_KEY.' })
  const system = systemPrompt({ language, now: gate.platform.clock.now(), timeZone: gate.platform.settings.TIME_ZONE })
  const tools = (await listTools(nova, run, language)).map((tool): ClaudeTool => ({ name: tool.name, description: describe(tool, language), inputSchema: tool.input_schema }))
  return payForCall(nova, run, { messages }, () => inFlight.start((signal) => claude.step({ system, messages, tools, signal }), undefined, workerOf(run, { begun: true })))
}

function describe({ title, effect, held }: { title: string; effect: string; held: boolean }, language: 'en' | 'fr'): string {
  if (!held) return `${title} (${effect}).`
  return language === 'fr' ? `${title} (${effect}). Attend l’approbation de la personne.` : `${title} (${effect}). Waits for the person's approval.`
}
