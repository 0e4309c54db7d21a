import type { Tx } from '../../../platform/db/store.ts'

/** Transactions in which an action put something into an outbox. Copies of a transaction share its `atClose`. */
const leaving = new WeakSet<Tx['atClose']>()

/**
 * An action says that its effect leaves the house only after the commit, through an outbox: its checkpoint is `intended`
 * until the worker moves it on (moveEffect). What says nothing is confirmed by the commit itself.
 */
export const intendEffect = (tx: Tx): void => { leaving.add(tx.atClose) }

export const isIntended = (tx: Tx): boolean => leaving.has(tx.atClose)
