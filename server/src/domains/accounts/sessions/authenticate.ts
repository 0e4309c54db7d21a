import type { FastifyRequest } from 'fastify'
import type { Caller, Proof } from '../../../platform/ctx.ts'
import { isUuid, type IdentityId } from '../../../platform/ids.ts'
import { Forbidden, MalformedRequest, Unauthenticated } from '../../../platform/problems.ts'
import { IdentityBoundary } from '../../governance/errors.ts'
import { recordRefusal } from '../../governance/refusals.ts'
import type { AccessClaims, Subject } from './access-token.ts'
import { bearerOf } from './bearer.ts'
import type { Desk } from '../desk.ts'

/**
 * Who asks: a valid access token of a live session, acting as the token's identity or as another of the same user that
 * `X-Identity-ID` names. Throws Unauthenticated; IdentityBoundary, recorded, for an identity that is not theirs.
 */
export async function authenticate(desk: Desk, request: FastifyRequest): Promise<Caller> {
  const token = bearerOf(request)
  const wanted = wantedIdentity(request)
  if (isKey(token)) return ofKey(desk, token, wanted)
  const claims = await desk.tokens.read(token)
  if (wanted === undefined || wanted === claims.identityId) return ofToken(desk, claims)
  return actingAs(desk, { claims, wanted, requestId: request.id })
}

/** Who a token speaks for: the first message of a socket. Throws Unauthenticated. */
export async function verifyAccessToken(desk: Desk, token: string): Promise<Caller & { expiresAt: Date }> {
  if (isKey(token)) return ofListeningKey(desk, token)
  const claims = await desk.tokens.read(token)
  return { ...await ofToken(desk, claims), expiresAt: claims.expiresAt }
}

const isKey = (token: string): boolean => token.startsWith('chenu_')

/** A key speaks for one identity: it chooses no other. */
async function ofKey(desk: Desk, token: string, wanted: IdentityId | undefined): Promise<Caller> {
  const { expiresAt: _, ...caller } = await desk.others.findKey(token)
  if (wanted !== undefined && wanted !== caller.identityId) throw Forbidden({ en: 'An API key acts for its own identity alone.', fr: 'Une clé d’API n’agit que pour sa propre identité.' })
  return caller
}

/** Events tell of everything in an identity, so a key hears them only when it may read all of it. */
async function ofListeningKey(desk: Desk, token: string): Promise<Caller & { expiresAt: Date }> {
  const caller = await desk.others.findKey(token)
  if (!caller.key?.scopes.includes('read') || caller.spheres) throw Unauthenticated()
  return caller
}

async function ofToken(desk: Desk, claims: AccessClaims): Promise<Caller> {
  const standing = await desk.live.find(claims)
  if (standing?.identity !== 'active' || standing.sessionExpiresAt <= desk.platform.clock.now()) throw Unauthenticated()
  return callerOf(claims, standing.proof)
}

async function actingAs(desk: Desk, { claims, wanted, requestId }: { claims: AccessClaims; wanted: IdentityId; requestId: string }): Promise<Caller> {
  const own = await ofToken(desk, claims)
  const standing = await desk.live.find({ ...claims, identityId: wanted })
  if (!standing) throw Unauthenticated()
  if (standing.identity === 'archived') throw Forbidden({ en: 'That identity is no longer active.', fr: 'Cette identité n’est plus active.' })
  if (standing.identity === 'active') return { ...own, identityId: wanted }
  if (await desk.others.mayAudit(own.userId, wanted)) return { ...own, identityId: wanted, auditor: true }
  const refusal = IdentityBoundary({ resource: { type: 'identity', id: wanted } })
  await recordRefusal(desk.platform, { caller: own, via: 'rest', requestId, runId: null }, refusal)
  throw refusal
}

const callerOf = ({ userId, identityId, sessionId }: Subject, proof: Proof): Caller => ({ userId, identityId, sessionId, actor: { kind: 'person', id: userId }, proof })

function wantedIdentity({ headers }: FastifyRequest): IdentityId | undefined {
  const given = headers['x-identity-id']
  if (given === undefined) return undefined
  if (typeof given !== 'string' || !isUuid(given)) throw MalformedRequest({ en: 'X-Identity-ID takes one UUID.', fr: 'X-Identity-ID prend un UUID.' })
  return given as IdentityId
}
