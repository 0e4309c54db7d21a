import type { AnyAction, TitleOf } from '../../../platform/action.ts'
import { canonical, sha256 } from '../../../platform/canonical.ts'
import type { Tx } from '../../../platform/db/store.ts'
import type { Call } from '../gate.ts'
import type { CheckpointRow } from '../queries.ts'
import type { Shown } from './contract.ts'
import { differenceOf, undoOf } from './difference.ts'
import { markTexts } from './mark-texts.ts'
import { keepShown, readScene, type Scene } from './queries.ts'

const ROWS_MAX = 50
const SOURCES_MAX = 50

export type Held = { call: Call; args: Record<string, unknown>; policies: string[]; titleOf: TitleOf; scene: Scene }

const touchesOf = (action: AnyAction, args: Record<string, unknown>) => action.touches?.(args as never) ?? []

/** The statement that reads what `show` needs. */
export function sceneOf({ action, caller }: Call, args: Record<string, unknown>) {
  const touches = touchesOf(action, args).slice(0, ROWS_MAX)
  return readScene({ identityId: caller.identityId, actorId: caller.actor.id, types: touches.map(({ type }) => type), ids: touches.map(({ id }) => id) })
}

/** What the approver of a held call is shown, and the hash by which they can say that it is what they saw. Pure. */
export function show(held: Held): { shown: Shown; hash: string } {
  const { value, warnings } = markTexts(factsOf(held))
  const shown: Shown = { ...value, warnings }
  return { shown, hash: hashShown(shown) }
}

/** Keeps it with the checkpoint, in the commit that opens it; the row as it then stands. */
export function showTo(tx: Tx, row: CheckpointRow, { shown, hash }: { shown: Shown; hash: string }): CheckpointRow {
  tx.atClose(() => keepShown(tx.db, row.id, { shown, hash }))
  return { ...row, shown: shown as CheckpointRow['shown'], shown_hash: hash }
}

export function sceneIn([scene]: Scene[]): Scene {
  if (!scene) throw new Error('An acting identity can read itself')
  return scene
}

export const hashShown = (shown: unknown): string => sha256(canonical(shown))

function factsOf({ call, args, policies, titleOf, scene }: Held): Omit<Shown, 'warnings'> {
  const { action, caller: { identityId } } = call
  const touches = touchesOf(action, args)
  const special = action.shows?.(args as never, { rows: scene.rows, titleOf }) ?? {}
  const fieldsOf = (index: number) => (index === 0 && special.fields) || differenceOf(action.effect, scene.rows[index] ?? null, args)
  return {
    asked_by: { ...call.caller.actor, name: nameOf(call, scene) },
    on_behalf_of: { identity_id: identityId, identity: scene.identity, type: scene.type, person: scene.person },
    action: { tool: action.name, effect: action.effect, title: action.title },
    targets: touches.slice(0, ROWS_MAX).map(({ type, id }) => ({ type, id, title: titleOf(id) })),
    recipients: special.recipients ?? [], amount: special.amount ?? null, count: special.count ?? Math.max(1, touches.length),
    content: Object.entries(args).filter(([, value]) => value !== undefined).map(([field, value]) => ({ field, value })),
    changes: touches.slice(0, ROWS_MAX).map(({ type, id }, index) => ({ type, id, title: titleOf(id), fields: fieldsOf(index) })).filter(({ fields }) => fields.length > 0),
    undo: special.undo === undefined ? undoOf(action) : { possible: special.undo !== null, how: special.undo },
    policies, untrusted: (call.untrusted ?? []).slice(0, SOURCES_MAX), said: { request: call.said?.request ?? null, agent: call.said?.agent ?? null },
  }
}

function nameOf({ caller: { actor } }: Call, { person, agent }: Scene): string {
  if (actor.kind === 'person') return person
  if (actor.kind === 'nova') return 'Nova'
  return agent ?? actor.id
}
