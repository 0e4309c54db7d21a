import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose'

/** A provider on loopback that answers what a test tells it to: forged tokens, other issuers, errors, nothing. */
export type ForgingProvider = {
  issuer: string
  settings: { id: string; name: string; issuer: string; client_id: string; client_secret: string; scope: string }
  /** What its token endpoint and its metadata answer from now on. */
  forge(answers: { idToken?: (sign: Sign) => Promise<string>; token?: Raw; metadata?: Raw | Record<string, unknown> }): void
  asked: string[]
  close(): Promise<void>
}
export type Sign = (claims: JWTPayload, options?: { key?: CryptoKey | Uint8Array; alg?: string; kid?: string }) => Promise<string>
type Raw = { status: number; type?: string; text?: string; hang?: true }

export async function startForgingProvider(id = 'forger'): Promise<ForgingProvider> {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const jwk = { ...await exportJWK(publicKey), kid: 'k1', use: 'sig', alg: 'RS256' }
  const sign: Sign = (claims, { key = privateKey, alg = 'RS256', kid = 'k1' } = {}) => new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(key)
  const asked: string[] = []
  let answers: Parameters<ForgingProvider['forge']>[0] = {}
  let issuer = ''

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    asked.push(path)
    if (path === '/.well-known/openid-configuration') {
      const { metadata } = answers
      if (metadata && 'status' in metadata) return raw(response, metadata as Raw)
      return json(response, { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`, response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'], code_challenge_methods_supported: ['S256'], ...metadata })
    }
    if (path === '/jwks') return json(response, { keys: [jwk] })
    if (answers.token) return raw(response, answers.token)
    return json(response, { access_token: 'at', token_type: 'Bearer', expires_in: 60, ...(answers.idToken ? { id_token: await answers.idToken(sign) } : {}) })
  }

  const server = createServer((request, response) => { answer(request, response).catch(() => { response.destroy() }) })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    issuer, asked,
    settings: { id, name: 'Forger', issuer, client_id: 'chenu', client_secret: 'the-secret-of-the-forging-provider', scope: 'openid email' },
    forge: (given) => { answers = given },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const json = (response: ServerResponse, body: unknown): void => { response.setHeader('content-type', 'application/json').end(JSON.stringify(body)) }

function raw(response: ServerResponse, { status, type = 'text/html', text = '', hang }: Raw): void {
  if (hang) return
  response.writeHead(status, { 'content-type': type }).end(text)
}
