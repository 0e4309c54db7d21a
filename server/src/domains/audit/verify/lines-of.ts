/** Bytes of the longest line that is read; a longer one comes out cut, and so as no JSON. */
export const LINE_MAX = 4_194_304

const NEWLINE = 0x0A

/**
 * Lines of a stream, split at LF alone (JSON text may hold U+2028, at which readline would split). An empty last line
 * is left out, and a CR that a mail or an editor put before LF is taken off. Holds one chunk and at most LINE_MAX bytes of an unfinished line.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let pending: Buffer[] = []
  let size = 0
  const add = (part: Buffer): void => {
    if (size < LINE_MAX && part.length > 0) pending.push(part.subarray(0, LINE_MAX - size))
    size += part.length
  }
  const take = (): string => {
    const line = Buffer.concat(pending).toString('utf8').replace(/\r$/, '')
    pending = []
    size = 0
    return line
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end))
      yield take()
      start = end + 1
    }
    add(chunk.subarray(start))
  }
  if (size > 0) yield take()
}
