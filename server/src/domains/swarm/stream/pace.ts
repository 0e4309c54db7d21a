import type { Listener } from '../../../platform/live/stream.ts'
import type { Member } from '../fleet.ts'
import { binaryFrame, jsonFrame, type SwarmFrame } from './swarm-frame.ts'

export type Format = 'json' | 'binary'

export const FPS_DEFAULT = 15
export const FPS_MAX = 60

type Viewer = { listener: Listener; fps: number; format: Format }

/** Viewers of one rate get the same frames: changes are gathered for them and serialised once a format. */
type Class = { viewers: Set<Viewer>; pending: Set<number>; sentAt: number; seq: number; timer: NodeJS.Timeout | undefined }

export type Pace = {
  /** Gives a viewer the whole fleet, and from then on what changes. */
  join(viewer: Viewer): void
  leave(viewer: Viewer): void
  changed(indexes: readonly number[]): void
  stop(): void
}

type Given = { now(): Date; members(): readonly Member[]; frequency(): number }

/** Sends changes at most as often as a viewer asked for. What changes twice between two frames is told once; at most the fleet waits. */
export function createPace({ now, members, frequency }: Given): Pace {
  const classes = new Map<number, Class>()

  const frameOf = (kind: SwarmFrame['kind'], seq: number, indexes: readonly number[]): SwarmFrame => ({ kind, seq, at: now(), frequency: frequency(), indexes, members: members() })
  const inFormat = (frame: SwarmFrame, format: Format): Buffer => (format === 'binary' ? binaryFrame(frame) : jsonFrame(frame))

  function flush(of: Class): void {
    of.timer = undefined
    of.sentAt = performance.now()
    of.seq += 1
    const frame = frameOf('swarm_update', of.seq, [...of.pending].toSorted((a, b) => a - b))
    of.pending.clear()
    const bytes = new Map<Format, Buffer>()
    for (const { listener, format } of of.viewers) {
      const buffer = bytes.get(format) ?? inFormat(frame, format)
      bytes.set(format, buffer)
      listener.send(buffer, { binary: format === 'binary' })
    }
  }

  function classOf(fps: number): Class {
    const found = classes.get(fps)
    if (found) return found
    const made: Class = { viewers: new Set(), pending: new Set(), sentAt: -Infinity, seq: 0, timer: undefined }
    classes.set(fps, made)
    return made
  }

  return {
    join(viewer) {
      const of = classOf(viewer.fps)
      of.viewers.add(viewer)
      viewer.listener.send(inFormat(frameOf('connected', of.seq, members().map((_, index) => index)), viewer.format), { binary: viewer.format === 'binary' })
    },
    leave(viewer) {
      const of = classes.get(viewer.fps)
      if (!of?.viewers.delete(viewer) || of.viewers.size > 0) return
      clearTimeout(of.timer)
      classes.delete(viewer.fps)
    },
    changed(indexes) {
      for (const [fps, of] of classes) {
        for (const index of indexes) of.pending.add(index)
        of.timer ??= setTimeout(() => { flush(of) }, Math.max(0, of.sentAt + 1_000 / fps - performance.now()))
      }
    },
    stop() {
      for (const { timer } of classes.values()) clearTimeout(timer)
      classes.clear()
    },
  }
}
