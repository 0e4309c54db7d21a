import type { Pool } from 'pg'

const REOPEN_MS = 500

/** Opens the pool's connection, and again whenever it is lost, until the pool ends. Settles after the first attempt. */
export function keepOpen(pool: Pool): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const later = (): void => {
    if (pool.ending) return
    clearTimeout(timer)
    timer = setTimeout(() => { void open() }, REOPEN_MS).unref()
  }
  const open = async (): Promise<void> => {
    if (pool.ending) return
    try {
      const client = await pool.connect()
      client.release()
    } catch {
      later()
    }
  }
  pool.on('remove', later)
  return open()
}
