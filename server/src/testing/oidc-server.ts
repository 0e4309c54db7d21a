import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export type OidcPerson = { sub: string; email?: string; email_verified?: boolean; name?: string }

/** An OpenID provider on loopback: the real protocol, with people whom a test adds and who agree to everything. */
export type OidcServer = {
  issuer: string
  /** As OIDC_PROVIDERS names it. */
  settings: { id: string; name: string; issuer: string; client_id: string; client_secret: string }
  add(person: OidcPerson): void
  /** Goes through the provider's pages as that person would, from the authorization address to the redirect; answers its query. */
  signIn(authorizationUrl: string, sub: string): Promise<URLSearchParams>
  close(): Promise<void>
}

export async function startOidcServer({ id = 'loop', redirectUris }: { id?: string; redirectUris: string[] }): Promise<OidcServer> {
  const people = new Map<string, OidcPerson>()
  const server: Server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'chenu', client_secret: 'a-secret-of-the-loopback-provider', redirect_uris: redirectUris, response_types: ['code'], grant_types: ['authorization_code'] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['loopback'] },
    findAccount: (_ctx: unknown, sub: string) => ({ accountId: sub, claims: () => ({ ...people.get(sub), sub }) }),
  })
  server.on('request', provider.callback())
  return {
    issuer,
    settings: { id, name: `Provider ${id}`, issuer, client_id: 'chenu', client_secret: 'a-secret-of-the-loopback-provider' },
    add: (person) => { people.set(person.sub, person) },
    signIn: (authorizationUrl, sub) => browse(authorizationUrl, { sub, issuer }),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A small browser: keeps cookies, follows redirects, and answers the two forms of the provider. */
async function browse(start: string, { sub, issuer }: { sub: string; issuer: string }): Promise<URLSearchParams> {
  const cookies = new Map<string, string>()
  let url = start
  let body: URLSearchParams | undefined
  for (let steps = 0; steps < 20; steps += 1) {
    const answer = await fetch(url, {
      method: body ? 'POST' : 'GET', redirect: 'manual', headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }, ...(body ? { body } : {}),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s)
      cookies.set(name, value)
    }
    const next = answer.headers.get('location')
    body = undefined
    if (next) {
      url = new URL(next, url).href
      if (!url.startsWith(issuer)) return new URL(url).searchParams
      continue
    }
    const page = await answer.text()
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
    const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1]
    if (!prompt || !action) throw new Error(`The provider answered ${answer.status}: ${page.slice(0, 500)}`)
    url = new URL(action, url).href
    body = new URLSearchParams(prompt === 'login' ? { prompt, login: sub, password: 'x' } : { prompt })
  }
  throw new Error('The provider did not come to an end')
}
