/** A listed exception to a rule: where, and why it may stand. */
export type Exception = { where: RegExp; because: string }

/** Whether a file is excepted. */
export const isExcepted = (list: Exception[], path: string): boolean => list.some(({ where }) => where.test(path))

/** Files outside a queries.ts that speak SQL. */
export const SPEAKS_SQL: Exception[] = [
  { where: /^platform\/db\//, because: 'the store itself: transactions, scope, migrations, roles' },
  { where: /^platform\/events\//, because: 'the platform owns events and their counter' },
  { where: /^platform\/jobs\//, because: 'the platform owns the queue' },
  { where: /^platform\/http\/(health|metrics|idempotency|rate-limit)\.ts$/, because: 'asks the database how it is; keeps counters' },
  { where: /^platform\/live\//, because: 'replays events to sockets' },
  { where: /^seed\.ts$/, because: 'fills the catalogues as the owner, before the server runs' },
]

/** Tables that belong to the platform and its folder. */
export const PLATFORM_TABLES: Record<string, RegExp> = {
  events: /^platform\/(events|live|jobs)\//, event_counter: /^platform\/events\//, event_cursors: /^platform\/events\//, rate_limits: /^platform\/http\//, owned_types: /^platform\/db\//, seeds: /^platform\/db\//, queue_heartbeat: /^platform\/jobs\//,
}

/** Domains that may mount a route whose work is not an action. */
export const MOUNTS_HANDLERS: Record<string, string> = {
  accounts: 'signing in comes before there is a caller for the gate',
  audit: 'verification and export walk a whole chain, longer than a transaction may last',
  governance: 'a decision is what lets an action pass, so it is none itself',
  atom: 'the seal, not a policy, decides over the fence',
  safeguard: 'the operator’s key and the Sceau, not a policy, decide; it has no caller',
  swarm: 'the Sceau is anonymous, so there is no caller for the gate, and it changes nothing but its own session',
  nova: 'a run is a series of actions, each of which goes through the gate',
  agents: 'the catalogue is public to the signed-in and belongs to no identity',
  spheres: 'the catalogue is public to the signed-in and belongs to no identity',
  threads: 'a change of the past is answered by thread_immutable, whatever its body',
  payments: 'pain.001 is XML, not JSON',
  keys: 'a token is shown once, so no record of arguments or results may hold it',
  organisations: 'the token of an invitation is shown or spent once, so no record of arguments or results may hold it',
  webhooks: 'a secret is shown to a live session, and to nothing that acts for a person',
}

/** Where a process may be started. */
export const STARTS_PROCESSES: Exception[] = [
  { where: /^platform\/db\/(embedded|postmaster|cluster|tool|binaries|account|leftovers|instance-lock)\.ts$/, because: 'the embedded PostgreSQL' },
]

/** Where the clock of the machine may be read; everywhere else time comes from the context. */
export const READS_THE_CLOCK: Exception[] = [
  { where: /^platform\/clock\.ts$/, because: 'it is the clock' },
  { where: /^platform\/(db|jobs|live|events|http)\//, because: 'deadlines and ages of connections, never a stored time' },
  { where: /^platform\/ids\.ts$/, because: 'the first 48 bits of a UUIDv7 are the time (RFC 9562)' },
  { where: /^platform\/log\.ts$/, because: 'a log line says when it was written' },
  { where: /^adapters\/llm\/refusal-of\.ts$/, because: 'a Retry-After that is a date counts from the clock of the machine' },
  { where: /^(main|prepare|seed|app)\.ts$/, because: 'start and drain' },
]

/** Comparisons of values that a name calls secret but that are not, or that nobody can time. */
export const COMPARES_OPENLY: Array<Exception & { text: RegExp }> = [
  { where: /^domains\/audit\//, text: /hash/i, because: 'the hashes of a chain are shown to its owner' },
  { where: /^domains\/threads\//, text: /hash/i, because: 'the hashes of a thread’s log are shown to its owner' },
  { where: /^domains\/governance\//, text: /request_?hash|action_?hash|shown_?hash|hashShown/i, because: 'hashes of an action and of what its approver sees are shown at its checkpoint, and a request’s is made of what the caller sent' },
  { where: /^platform\/db\/seed-once\.ts$/, text: /hash/, because: 'the hash of a catalogue tells whether it was filled in already' },
]
