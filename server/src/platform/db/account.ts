import { chown, lstat, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StartupError } from '../startup-error.ts'

/** Whom PostgreSQL runs as when we are root, whom it refuses. */
export type Account = { uid: number; gid: number }

const PREFERRED = ['chenu', 'postgres', 'nobody']

/**
 * The account for a cluster: none (ourselves) for an ordinary user; for root the cluster's owner, so that an account
 * added to the machine later changes nothing, else the first one of PREFERRED. It must be listed in /etc/passwd,
 * because initdb looks its name up.
 */
export async function accountFor(cluster: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const owner = await stat(cluster).catch(() => undefined)
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const listed = await readFile('/etc/passwd', 'utf8').catch(() => '')
  for (const name of PREFERRED) {
    const [, , uid, gid] = listed.split('\n').find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (Number(uid) > 0 && Number(gid) > 0) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new StartupError('PostgreSQL refuses to run as root and there is no account to run it as; add one named chenu, start as an ordinary user, or set DATABASE_URL.')
}

/** Gives a folder to the account, its own entry last: an interrupted handover, or a copy made by root, is seen and redone. */
export async function giveTo(account: Account | undefined, folder: string): Promise<void> {
  if (!account || (await lstat(folder)).uid === account.uid) return
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await giveTo(account, path)
    else if (!entry.isSymbolicLink()) await chown(path, account.uid, account.gid)
  }
  await chown(folder, account.uid, account.gid)
}
