import { z } from 'zod'
import { StartupError } from './startup-error.ts'

const flag = z.enum(['on', 'off'])
const optional = z.string().trim().transform((text) => text || undefined).optional()

const minutesByType = (text: string): Readonly<Record<string, number>> =>
  Object.fromEntries(text.split(',').filter(Boolean).map((part) => part.split('=') as [string, string]).map(([type, minutes]) => [type, Number(minutes)]))

/** Every setting: environment or `.env`, all optional. docs/reference/settings.md is printed from it. */
export const SettingsSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8000).describe('Port to listen on; 0 takes a free one.'),
  DATA_DIR: z.string().min(1).default('./data').describe('Folder of the embedded database, the generated secrets and the seal.'),
  DATABASE_URL: optional.describe('PostgreSQL 15 to 18 to use, as its owner; empty starts the embedded one under DATA_DIR.'),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(12).describe('Connections of the server to PostgreSQL; one more is reserved for the kill-switch.'),
  ARCHITECT_SEAL: optional.describe('The Architect’s seal, at least 32 characters; empty generates one at the first start in DATA_DIR/architect-seal.'),
  OPERATOR_KEY: optional.describe('The operator’s key, at least 32 characters, for holding and pausing agents; empty generates one at the first start in DATA_DIR/operator-key.'),
  JWT_SECRET: optional.describe('Secret that signs access tokens (HS256), at least 32 bytes; empty generates one in DATA_DIR/secrets.'),
  JWT_SECRET_PREVIOUS: optional.describe('The JWT_SECRET before the present one: its tokens are taken for 15 more minutes after a start, and what it sealed is sealed anew within an hour; remove it then.'),
  PUBLIC_HOSTS: z.string().default('').describe('Host names that this server answers for, separated by commas; empty answers for any.'),
  CORS_ORIGINS: z.string().default('').describe('Origins of browser front ends, separated by commas; `*` is refused.'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('Level of the operational log on stdout.'),
  RATE_LIMIT: flag.default('on').describe('`off` only for load tests on loopback.'),
  TRUST_PROXY: z.coerce.number().int().min(0).max(5).default(0).describe('Number of reverse proxies in front whose X-Forwarded-For is believed.'),
  DOCS: flag.default('on').describe('Whether /docs, /openapi.json and /metrics answer.'),
  SMTP_URL: optional.describe('Mail server, such as smtp://user:password@host:587; empty: e-mail is not configured.'),
  PUBLIC_URL: optional.describe('Address at which people open this instance, such as https://chenu.example.org; links in e-mails begin with it, and with nothing that a request says.'),
  MAIL_FROM: z.string().min(3).default('CHE·NU <chenu@localhost>').describe('Sender of the instance’s e-mails.'),
  OIDC_PROVIDERS: z.string().default('[]').describe('OpenID providers to sign in with, as JSON: `[{"id": "acme", "name": "Acme", "issuer": "https://id.acme.example", "client_id": "…", "client_secret": "…"}]`.'),
  OIDC_REDIRECT_URIS: z.string().default('').describe('Addresses of front ends to which a provider may send people back, separated by commas; compared letter by letter.'),
  WEBHOOKS_ALLOW_HTTP: flag.default('off').describe('`on` lets webhooks go to plain http addresses.'),
  WEBHOOKS_ALLOW_LOOPBACK: flag.default('off').describe('`on` lets webhooks go to this very machine, on any port; only for tests, when HOST is a loopback address.'),
  CHECKPOINT_MINUTES: z.coerce.number().positive().max(10_080).default(60).describe('Minutes until a waiting checkpoint expires.'),
  CHECKPOINT_MINUTES_BY_TYPE: z.string().regex(/^(?:[a-z_]+=[1-9]\d{0,4}(?:,(?=.)|$))*$/, 'must look like destructive_action=30,scope_elevation=240').default('').transform(minutesByType)
    .describe('Minutes by type of checkpoint where they differ, such as destructive_action=30,scope_elevation=240.'),
  FLOOD_HELD: z.coerce.number().int().min(1).max(10_000).default(5).describe('Calls of one agent that may be held within FLOOD_SECONDS and not be approved; one more pauses it.'),
  FLOOD_SECONDS: z.coerce.number().int().min(1).max(86_400).default(60).describe('Seconds over which FLOOD_HELD counts, and for which a flooding agent is paused.'),
  OPEN_PER_HOUR: z.coerce.number().int().min(1).max(10_000).default(20).describe('Checkpoints of one agent and one hour that may wait at once.'),
  BUDGET_CREDITS: z.coerce.number().int().min(0).max(1_000_000_000_000).default(100_000).describe('Credits that the agents of an identity may spend in a month, until its person sets another budget.'),
  AUDIT_ANCHOR_EVENTS: z.coerce.number().int().min(1).max(1_000_000).default(1000).describe('Events of one identity after which its record is signed anew.'),
  AUDIT_ANCHOR_MINUTES: z.coerce.number().positive().max(10_080).default(10).describe('Minutes that an event of the record waits for a signed checkpoint, at most.'),
  AUDIT_ANCHOR_FILE: optional.describe('File that signed checkpoints of the record are appended to, best on a disk that the database’s owner cannot write; empty: DATA_DIR/audit-anchors.jsonl.'),
  AUDIT_ANCHOR_STDOUT: flag.default('on').describe('Whether signed checkpoints are printed to stdout too.'),
  AUDIT_ANCHOR_WEBHOOK: optional.describe('Address that each signed checkpoint is sent to; plain http only on loopback.'),
  AUDIT_SIGNING_KEY: optional.describe('Ed25519 seed that signs checkpoints, 32 bytes in base64url, the same on every node; empty generates one in DATA_DIR/secrets.'),
  SCEAU_MS: z.coerce.number().int().min(2_000).max(60_000).default(2_000).describe('Milliseconds that the touch of the Sceau must last, at least 2000.'),
  SCEAU_MINUTES: z.coerce.number().int().min(1).max(1_440).default(60).describe('Minutes that a Sceau session lasts.'),
  READS_PER_MINUTE: z.coerce.number().int().min(10).max(100_000).default(300).describe('Reads of one agent, key or automation in a minute that count as a mass read.'),
  SAFEGUARD: z.enum(['on', 'watch', 'off']).default('on').describe('The ethical safeguard: `watch` tells and does not act.'),
  SAFEGUARD_LIMITS: z.string().default('').describe('Sightings of one source that count as a violation, such as `boundary_violation=50,flooding=5`; what is not named keeps its limit.'),
  SAFEGUARD_WINDOW_MINUTES: z.coerce.number().int().min(1).max(1_440).default(60).describe('Minutes in which sightings and violations count.'),
  SAFEGUARD_LEVELS: z.string().default('0.5,0.3,0.1').describe('Scores below which the safeguard is elevated, critical and dispersed.'),
  SAFEGUARD_BLOCK_MINUTES: z.coerce.number().int().min(1).max(1_440).default(15).describe('Minutes that a temporary block lasts.'),
  SAFEGUARD_EMAIL: optional.describe('Address that is told of every violation; empty: only the log and the record.'),
  ANTHROPIC_API_KEY: optional.describe('Key for Claude; empty: Nova plans offline.'),
  ANTHROPIC_BASE_URL: optional.describe('Base address of Anthropic’s API; plain http only on loopback.'),
  NOVA_MODEL: z.string().min(1).default('claude-sonnet-4-5').describe('Claude model of Nova; must be in NOVA_MODELS.'),
  NOVA_MODELS: z.string().default('claude-sonnet-4-5,claude-opus-4-5,claude-haiku-4-5').describe('Models of Anthropic that Nova may use.'),
  NOVA_MAX_STEPS: z.coerce.number().int().min(1).max(50).default(10).describe('Model calls in one run, at most.'),
  NOVA_MAX_TOKENS: z.coerce.number().int().min(100).max(100_000).default(4000).describe('Output tokens of one model call, at most.'),
  NOVA_TIMEOUT_SECONDS: z.coerce.number().positive().max(300).default(60).describe('Seconds that one model call may take.'),
  TIME_ZONE: z.string().default('UTC').describe('IANA time zone in which plain-language dates are read, such as America/Toronto.'),
})

export type RawSettings = z.output<typeof SettingsSchema>
export type Settings = Readonly<Omit<RawSettings, 'CORS_ORIGINS' | 'PUBLIC_HOSTS' | 'NOVA_MODELS' | 'OIDC_REDIRECT_URIS'> & {
  CORS_ORIGINS: readonly string[]
  PUBLIC_HOSTS: readonly string[]
  NOVA_MODELS: readonly string[]
  OIDC_REDIRECT_URIS: readonly string[]
}>

const split = (text: string): string[] => text.split(',').map((part) => part.trim()).filter(Boolean)

/** Reads the settings once. Throws StartupError naming the setting, never its value. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(Object.keys(SettingsSchema.shape).flatMap((name) => (env[name] === undefined || env[name] === '' ? [] : [[name, env[name]]])))
  const parsed = SettingsSchema.safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new StartupError(`The setting ${issue?.path.join('.')} is not valid: ${issue?.message}.`)
  }
  const settings: Settings = {
    ...parsed.data,
    CORS_ORIGINS: split(parsed.data.CORS_ORIGINS),
    PUBLIC_HOSTS: split(parsed.data.PUBLIC_HOSTS.toLowerCase()),
    NOVA_MODELS: split(parsed.data.NOVA_MODELS),
    OIDC_REDIRECT_URIS: split(parsed.data.OIDC_REDIRECT_URIS),
  }
  checkSettings(settings, env)
  return settings
}

function checkSettings(settings: Settings, env: Record<string, string | undefined>): void {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0') throw new StartupError('NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off; remove it.')
  if (settings.CORS_ORIGINS.includes('*')) throw new StartupError('CORS_ORIGINS must list origins; `*` is refused because requests carry credentials.')
  if (settings.RATE_LIMIT === 'off' && !isLoopback(settings.HOST)) throw new StartupError('RATE_LIMIT=off is allowed only when HOST is a loopback address.')
  if (settings.WEBHOOKS_ALLOW_LOOPBACK === 'on' && !isLoopback(settings.HOST)) throw new StartupError('WEBHOOKS_ALLOW_LOOPBACK=on is allowed only when HOST is a loopback address.')
  if (!settings.NOVA_MODELS.includes(settings.NOVA_MODEL)) throw new StartupError('NOVA_MODEL must be one of NOVA_MODELS.')
  if (settings.NOVA_MODELS.some((model) => !model.startsWith('claude-'))) throw new StartupError('NOVA_MODELS may hold only models of Anthropic (claude-…): Nova is locked to them.')
  if (settings.DATABASE_URL && !isDatabaseUrl(settings.DATABASE_URL)) throw new StartupError('DATABASE_URL must look like postgres://user:password@host:5432/database.')
  if (settings.ANTHROPIC_BASE_URL) checkBaseUrl('ANTHROPIC_BASE_URL', settings.ANTHROPIC_BASE_URL)
  if (settings.AUDIT_ANCHOR_WEBHOOK) checkBaseUrl('AUDIT_ANCHOR_WEBHOOK', settings.AUDIT_ANCHOR_WEBHOOK)
  for (const uri of settings.OIDC_REDIRECT_URIS) checkBaseUrl('OIDC_REDIRECT_URIS', uri)
  if (settings.PUBLIC_URL) {
    checkBaseUrl('PUBLIC_URL', settings.PUBLIC_URL)
    if (/[?#]/.test(settings.PUBLIC_URL)) throw new StartupError('PUBLIC_URL takes no query and no fragment.')
  }
  if (!isTimeZone(settings.TIME_ZONE)) throw new StartupError('TIME_ZONE is not a known IANA time zone.')
}

function isDatabaseUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return /^postgres(ql)?:$/.test(url?.protocol ?? '') && url?.hostname !== '' && /^\/[^/]+$/.test(url?.pathname ?? '')
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** True for the names and addresses of this machine itself. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)

function checkBaseUrl(name: string, text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const allowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (!allowed) throw new StartupError(`${name} must be an https address (plain http only on loopback).`)
}
