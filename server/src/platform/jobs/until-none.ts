/** Repeats a batch until it finds nothing more to do, or is told to stop; how much was done. */
export async function untilNone(batch: () => Promise<number>, signal: AbortSignal): Promise<number> {
  let done = 0
  for (let last = 1; last > 0 && !signal.aborted; done += last) last = await batch()
  return done
}
