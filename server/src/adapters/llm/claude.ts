import { createAnthropic } from '@ai-sdk/anthropic'
import { generateText, jsonSchema, tool, type ModelMessage, type ToolSet } from 'ai'
import { StartupError } from '../../platform/startup-error.ts'
import type { Settings } from '../../platform/settings.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { priceOf, type Cost } from './price-of.ts'
import { readAnswer, type ClaudeCall } from './read-answer.ts'
import { refusalOf } from './refusal-of.ts'
import { createToolNames, type ToolNames } from './tool-names.ts'

export type ClaudeTool = { name: string; description: string; inputSchema: Record<string, unknown> }

/** `signal` aborts the call; what it was aborted with is thrown. `messages` are those of the AI SDK, with our tools' names. */
export type Asked = { system: string; messages: unknown[]; tools: ClaudeTool[]; signal: AbortSignal }

/** One answer of the model. `messages` are to be appended; `cut`: it ended at the limit of tokens. */
export type ClaudeStep = { text: string; cut: boolean; calls: ClaudeCall[]; messages: unknown[]; usage: { input_tokens: number; output_tokens: number }; cost: Cost }

/** Claude, asked once a step: it has no tools of its own, so what it wants done goes through our gate or nowhere. */
export type Claude = { model: string; step(asked: Asked): Promise<ClaudeStep> }

type Given = Pick<Settings, 'ANTHROPIC_API_KEY' | 'ANTHROPIC_BASE_URL' | 'NOVA_MODEL' | 'NOVA_MODELS' | 'NOVA_MAX_TOKENS' | 'NOVA_TIMEOUT_SECONDS'>

const ANTHROPIC = 'https://api.anthropic.com'

/** Null where no key is configured. Throws StartupError for a model that is not Anthropic's or not allowed (invariant 4). */
export function createClaude(settings: Given): Claude | null {
  if (!settings.ANTHROPIC_API_KEY) return null
  const model = settings.NOVA_MODEL
  if (!settings.NOVA_MODELS.includes(model) || !model.startsWith('claude-')) throw new StartupError(`Nova is locked to the models of Anthropic in NOVA_MODELS; NOVA_MODEL is ${model}.`)
  // The SDK would print its warnings to the process; the log is ours alone (invariant 8).
  globalThis.AI_SDK_LOG_WARNINGS = false
  const baseURL = versionedBase(settings.ANTHROPIC_BASE_URL ?? ANTHROPIC)
  const languageModel = createAnthropic({ apiKey: settings.ANTHROPIC_API_KEY, baseURL, fetch: boundedFetch(new URL(baseURL).origin) })(model)
  if (!languageModel.provider.startsWith('anthropic.')) throw new StartupError('Nova is locked to Anthropic.')
  return { model, step: (asked) => step({ settings, languageModel }, asked) }
}

/** Both forms of the address are taken: Anthropic's own SDK wants it without its version, the AI SDK with it. */
export function versionedBase(address: string): string {
  const { origin, pathname } = new URL(address)
  const path = pathname.replace(/\/+$/, '')
  return `${origin}${path.endsWith('/v1') ? path : `${path}/v1`}`
}

type Wiring = { settings: Given; languageModel: ReturnType<ReturnType<typeof createAnthropic>> }

async function step({ settings, languageModel }: Wiring, { system, messages, tools, signal }: Asked): Promise<ClaudeStep> {
  const names = createToolNames(tools.map(({ name }) => name))
  const deadline = AbortSignal.timeout(Math.ceil(settings.NOVA_TIMEOUT_SECONDS * 1_000))
  const answer = await generateText({
    model: languageModel, instructions: system, messages: names.outward(messages) as ModelMessage[], tools: toolSet(tools, names),
    // A lost answer may have cost tokens: whoever asks decides whether to ask again.
    maxRetries: 0, maxOutputTokens: settings.NOVA_MAX_TOKENS, abortSignal: AbortSignal.any([signal, deadline]),
  }).catch((error: unknown) => { throw refusalOf(error, { signal, deadline, afterSeconds: settings.NOVA_TIMEOUT_SECONDS }) })
  const read = readAnswer(answer, names)
  return { ...read, cost: priceOf(settings.NOVA_MODEL, read.usage) }
}

/** Tools without `execute`: the SDK hands calls back instead of making them. The gate checks their arguments, not the SDK. */
const toolSet = (tools: ClaudeTool[], names: ToolNames): ToolSet =>
  Object.fromEntries(tools.map(({ name, description, inputSchema }) => [names.wireName(name), tool({ description, inputSchema: jsonSchema(inputSchema) })]))
