import type { Words } from './audit-verify-words.ts'

const CELLS = 30
const LINE_EVERY = 100_000

export type Progress = { show(links: number, of: number): void; clear(): void }

/** A bar on a terminal; elsewhere a line each 100,000 links, so that a log stays a log. */
export function createProgress(words: Words, stream: NodeJS.WriteStream = process.stderr): Progress {
  let told = 0
  return {
    show(links, of) {
      if (stream.isTTY) {
        const done = of === 0 ? CELLS : Math.min(CELLS, Math.round(links / of * CELLS))
        stream.write(`\r  ${'█'.repeat(done)}${'░'.repeat(CELLS - done)} ${words.progress(links, of)}\u001B[K`)
      } else if (Math.floor(links / LINE_EVERY) > Math.floor(told / LINE_EVERY)) stream.write(`  ${words.progress(links, of)}\n`)
      told = links
    },
    clear() {
      told = 0
      if (stream.isTTY) stream.write('\r\u001B[K')
    },
  }
}
