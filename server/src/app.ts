import type { FastifyInstance, FastifyRequest } from 'fastify'
import { buildDomains } from './domains.ts'
import { createClaude } from './adapters/llm/claude.ts'
import type { Mailer } from './adapters/mail/mailer.ts'
import { createMailer } from './adapters/mail/create-mailer.ts'
import { createOidcProviders } from './adapters/oidc/create-providers.ts'
import { createWebhookClient } from './adapters/webhooks/post-webhook.ts'
import { headerFault } from './adapters/webhooks/header-fault.ts'
import { newWebhookSecret, signWebhook } from './adapters/webhooks/signature.ts'
import { readWebhookUrl } from './adapters/webhooks/webhook-url.ts'
import { createAccounts, type Accounts } from './domains/accounts/create-accounts.ts'
import { createAnchorer, type Anchorer } from './domains/audit/anchors/anchorer.ts'
import { forgetKeys } from './domains/audit/details/detail-keys.ts'
import { startPulse } from './domains/atom/pulse.ts'
import { readAddress } from './domains/accounts/email-key.ts'
import { findRecipient } from './domains/accounts/find-recipient.ts'
import { createBrake, type Brake } from './domains/governance/boundary/brake.ts'
import { createFence, type Fence } from './domains/governance/fence/fence.ts'
import type { Gate } from './domains/governance/gate.ts'
import { createMayListen } from './domains/governance/may-listen.ts'
import { recordRefusal } from './domains/governance/refusals.ts'
import { writeThrough } from './domains/governance/write-through.ts'
import { spheres } from './domains/spheres/sphere-list.ts'
import { createEngine } from './domains/policies/engine/engine.ts'
import { requireSeal } from './domains/atom/require-seal.ts'
import { createWrongSeals } from './domains/atom/wrong-seals.ts'
import { ensureKeyMay } from './domains/keys/ensure-key-may.ts'
import { createKeyRing, type KeyRing } from './domains/keys/key-ring.ts'
import { createSwarm } from './domains/swarm/create-swarm.ts'
import { createSafeguard, type Safeguard } from './domains/safeguard/create-safeguard.ts'
import { createReadWatch } from './domains/governance/read-meter.ts'
import { ensureMayDestroy } from './domains/organisations/ensure-may-destroy.ts'
import { listDeciders } from './domains/organisations/list-deciders.ts'
import { createOutbox, type Outbox } from './domains/messages/outbox.ts'
import { recordSkipped } from './domains/audit/record-skipped.ts'
import { createCourier, type Courier } from './domains/webhooks/delivery/courier.ts'
import { fanOut } from './domains/webhooks/delivery/fan-out.ts'
import { createSecretKeeper } from './domains/webhooks/keep-secret.ts'
import { createPostman, type Postman } from './domains/notifications/mail/postman.ts'
import { HEARD } from './domains/notifications/kinds.ts'
import { makeNotifications } from './domains/notifications/make-notifications.ts'
import type { Means as WebhookMeans } from './domains/webhooks/means.ts'
import { novaContinuation } from './domains/nova/continuation.ts'
import { createNova } from './domains/nova/create-nova.ts'
import { createMayAudit, ensureAuditorMay } from './domains/organisations/may-audit.ts'
import type { AnyAction } from './platform/action.ts'
import { systemClock, type Clock } from './platform/clock.ts'
import type { Platform } from './platform/ctx.ts'
import { createStore, type Store, type StoreLimits } from './platform/db/store.ts'
import type { Domain } from './platform/domain.ts'
import type { Problem } from './platform/errors.ts'
import { eventJobs } from './platform/events/forget-events.ts'
import { follow, type Follower } from './platform/events/follow.ts'
import { createRelay, type Relay } from './platform/events/relay.ts'
import { mountRoutes } from './platform/http/mount.ts'
import { createCursors } from './platform/http/page.ts'
import { createRateLimiter } from './platform/http/rate-limit.ts'
import type { Route } from './platform/http/route.ts'
import { createServer } from './platform/http/server.ts'
import { healthRoutes, mountMetrics } from './platform/http/health.ts'
import { logRequests } from './platform/http/request-log.ts'
import { createJobs, type Jobs } from './platform/jobs/create-jobs.ts'
import type { Job } from './platform/jobs/job.ts'
import { untilNone } from './platform/jobs/until-none.ts'
import { createLive, type Live } from './platform/live/live.ts'
import { liveRoutes } from './platform/live/routes.ts'
import { createLog, type Log } from './platform/log.ts'
import { createMetrics } from './platform/http/metrics.ts'
import type { Secrets } from './platform/secrets.ts'
import type { Settings } from './platform/settings.ts'
import { createVault } from './platform/vault.ts'

/** Where the server's database is: `serverUrl` under its own role. Tests override clock and log, and run jobs by hand (`background` false). */
export type AppOptions = { settings: Settings; secrets: Secrets; serverUrl: string; clock?: Clock; log?: Log; background?: boolean; storeLimits?: Partial<StoreLimits> }

export type App = {
  server: FastifyInstance
  platform: Platform
  gate: Gate
  relay: Relay
  live: Live
  fence: Fence
  outbox: Outbox
  anchorer: Anchorer
  courier: Courier
  postman: Postman
  /** What follows the events durably; runs with the background work. */
  followers: Follower[]
  safeguard: Safeguard
  jobs: Jobs
  /** Everything that is mounted; docs/reference is printed from it. */
  routes: Route[]
  /** Starts to serve; the address. */
  listen(): Promise<string>
  /** Stops taking requests, lets those in flight end, and closes everything. */
  close(): Promise<void>
}

/** The only place that builds things, in the order in which they stand on each other. */
export async function createApp({ settings, secrets, serverUrl, clock = systemClock, log = createLog(settings.LOG_LEVEL), background = true, storeLimits = {} }: AppOptions): Promise<App> {
  const store = createStore({ url: serverUrl, connections: settings.DATABASE_POOL, log, limits: storeLimits, vault: createVault(secrets.derive('vault'), secrets.previous?.derive('vault')) })
  const platform: Platform = { settings, secrets, clock, log, store, cursors: createCursors(secrets.derive('cursors'), ...(secrets.previous ? [secrets.previous.derive('cursors')] : [])) }
  const { gate, actions } = createGate(platform)
  const anchorer = createAnchorer(platform)
  const relay = createRelay({ platform, listenUrl: serverUrl })
  const fence = createFence({ platform, listener: relay.listener })
  const keyRing = createKeyRing(platform)
  const mailer = createMailer(settings)
  const accounts = createAccounts(platform, { mailer, providers: createOidcProviders(settings.OIDC_PROVIDERS), others: { findKey: (token) => keyRing.find(token), mayAudit: createMayAudit(platform), ensureMayDestroy } })
  const outbox = createOutbox({ platform, mailer, inFlight: fence.inFlight })
  const safeguard = createSafeguard({ platform, relay, fence, mailer })
  const ways = createWaysOut({ platform, fence, mailer })
  const nova = createNova({ gate, claude: createClaude(settings), inFlight: fence.inFlight })
  gate.continuations.set('nova', novaContinuation(nova))
  const wrongSeals = createWrongSeals(platform)
  const domains = buildDomains({
    platform, gate, accounts, outbox, fence, nova, anchorer, safeguard, ...ways, post: { mailer, inFlight: fence.inFlight }, keyRing, wrongSeals, requireSeal: (http) => requireSeal(platform, wrongSeals, http),
  })
  for (const action of domains.flatMap((domain) => domain.actions)) register(actions, action)

  const brake = settings.RATE_LIMIT === 'on' ? createBrake(platform) : null
  const server = await createServer({ platform, onProblem: keepRefusal(platform, brake) })
  hearOtherNodes({ relay, accounts, keyRing, anchorer, vault: store.vault })
  // What was held back while the system was dormant leaves as soon as it is revived.
  relay.bus.on('atom:revive', () => { for (const one of [outbox, ways.courier, ways.postman]) one.wake() })
  const swarm = createSwarm({ platform, relay })
  const live = createLive({
    streams: swarm.streams,
    server: server.server, platform, relay, verifyAccessToken: accounts.verifyAccessToken,
    mayListen: createMayListen(platform, (code) => spheres.some((sphere) => sphere.code === code)),
  })
  const metrics = createMetrics(store)
  logRequests(server, log, metrics)
  if (settings.DOCS === 'on') mountMetrics(server, metrics)
  const watchReads = createReadWatch(platform)
  const routes = [...healthRoutes(platform), ...liveRoutes(live.stats), ...domains.flatMap((domain) => domain.routes)]
  mountRoutes(server, routes, {
    platform, authenticate: accounts.authenticate, limit: settings.RATE_LIMIT === 'on' ? createRateLimiter(() => clock.now().getTime()) : null,
    admit: (caller, route) => { for (const ensure of [brake?.ensureFree, ensureKeyMay, ensureAuditorMay, watchReads]) ensure?.(caller, route) },
    performWrite: (route, ctx, input, idempotency) => writeThrough(gate, route, ctx, { input, idempotency }),
  })
  const jobs = createJobs({ url: serverUrl, log })
  const followers = followersOf({ platform, relay, ...ways })
  let stopPulse = (): void => {}
  async function listen(): Promise<string> {
    await fence.start()
    await relay.start()
    await safeguard.start()
    if (background) await Promise.all(followers.map((follower) => follower.start()))
    if (background) await jobs.start(backgroundWork(platform, accounts, domains))
    swarm.start()
    stopPulse = startPulse({ platform, live, fence })
    return server.listen({ host: settings.HOST, port: settings.PORT })
  }

  async function close(): Promise<void> {
    stopPulse()
    swarm.stop()
    await live.close()
    await server.close()
    await jobs.stop()
    await Promise.all(followers.map((follower) => follower.stop()))
    await Promise.all([outbox.stop(), ways.stop(), anchorer.stop(), safeguard.stop(), accounts.letters.stop()])
    fence.stop()
    await relay.stop()
    await store.close()
  }

  return {
    server, platform, gate, relay, live, fence, outbox, anchorer, courier: ways.courier, postman: ways.postman, followers, safeguard, jobs, routes, listen, close,
  }
}

type WaysOut = { courier: Courier; postman: Postman; webhookMeans: WebhookMeans; stop(): Promise<void> }

/** What tells people elsewhere: webhooks and the e-mails of notifications. */
function createWaysOut({ platform, fence: { inFlight }, mailer }: { platform: Platform; fence: Fence; mailer: Mailer | null }): WaysOut {
  const { settings } = platform
  const rules = { allowHttp: settings.WEBHOOKS_ALLOW_HTTP === 'on', allowLoopback: settings.WEBHOOKS_ALLOW_LOOPBACK === 'on' }
  const client = createWebhookClient(rules)
  const secrets = createSecretKeeper(platform.secrets.derive('webhooks'))
  const courier = createCourier({ platform, client, inFlight, secrets, sign: signWebhook })
  const postman = createPostman({ platform, mailer, inFlight })
  return {
    courier, postman,
    webhookMeans: { courier, rule: { readUrl: (text) => readWebhookUrl(text, rules), headerFault }, secrets: { ...secrets, make: newWebhookSecret } },
    async stop() {
      await Promise.all([courier.stop(), postman.stop()])
      await client.close()
    },
  }
}

/** What follows the events durably. */
const followersOf = ({ platform, relay, courier, postman }: Pick<WaysOut, 'courier' | 'postman'> & { platform: Platform; relay: Relay }): Follower[] => [
  follow({ platform, relay, name: 'notifications', patterns: HEARD, react: makeNotifications({ clock: platform.clock, canMail: postman.canMail, wakeMail: postman.wake }), skipped: recordSkipped(platform, 'notifications') }),
  follow({ platform, relay, name: 'webhooks', patterns: ['*'], react: fanOut(courier.wake, () => platform.clock.now()), skipped: recordSkipped(platform, 'webhooks') }),
]

/** The gate, and the actions that it will find: they are registered once the domains are built. */
function createGate(platform: Platform): { gate: Gate; actions: Map<string, AnyAction> } {
  const actions = new Map<string, AnyAction>()
  const findPerson: Gate['findPerson'] = async (tx, email) => (await findRecipient(tx, readAddress(email)?.key ?? ''))?.userId
  return { actions, gate: { platform, actions, continuations: new Map(), engine: createEngine(actions), deciders: listDeciders, findPerson } }
}

const backgroundWork = (platform: Platform, accounts: Accounts, domains: Domain[]): Job[] => [
  ...eventJobs(platform),
  { name: 'tokens.forget', cron: '47 3 * * *', run: (_data, signal) => untilNone(() => accounts.forgetExpiredTokens(), signal) },
  ...domains.flatMap((domain) => domain.jobs ?? []),
]

/** What the boundary, a policy, a scope or a budget refused goes into the record before it is answered. */
const keepRefusal = (platform: Platform, brake: Brake | null) => async (problem: Problem, { caller, id }: FastifyRequest): Promise<void> => {
  if (!caller) return
  await recordRefusal(platform, { caller, via: caller.key ? 'api_key' : 'rest', requestId: id, runId: null }, problem)
  await brake?.count(caller, problem, id)
}

type Remembering = { relay: Relay; accounts: Accounts; keyRing: KeyRing; anchorer: Anchorer; vault: Store['vault'] }

/** What this node remembers and another one may have ended: sessions, keys of a record. What it has to sign grows with every event. */
function hearOtherNodes({ relay, accounts, keyRing, anchorer, vault }: Remembering): void {
  relay.onEvent(({ identityId }) => { anchorer.heard(identityId) })
  for (const name of ['session.revoked', 'identity.switched', 'user.factor_changed']) {
    relay.bus.on(name, ({ data }) => { for (const forget of [accounts.forgetSessions, keyRing.forget]) forget([String(data.session_id)]) }, { priority: 0 })
  }
  relay.bus.on('identity.erased', ({ data }) => { forgetKeys(vault, String(data.identity_id)) }, { priority: 0 })
}

/** Invariant 1: what declares no effect class or no schema of its arguments cannot be registered. */
function register(actions: Map<string, AnyAction>, action: AnyAction): void {
  if (actions.has(action.name)) throw new TypeError(`Action ${action.name} is declared twice`)
  if (!action.effect || !action.input || !action.output) throw new TypeError(`Action ${action.name} lacks its effect class or a schema`)
  actions.set(action.name, action)
}
