import type { Courier } from './delivery/courier.ts'
import type { EndpointRule } from './endpoint-rule.ts'
import type { SecretKeeper } from './keep-secret.ts'

/** What the actions of this domain work with; built in app.ts. */
export type Means = { rule: EndpointRule; secrets: SecretKeeper & { make(): string }; courier: Pick<Courier, 'wake' | 'sweep'> }
