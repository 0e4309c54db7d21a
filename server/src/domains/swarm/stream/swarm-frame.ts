import type { Member } from '../fleet.ts'

/** What one frame tells: the whole fleet (`connected`), or those that changed. */
export type SwarmFrame = { kind: 'connected' | 'swarm_update'; seq: number; at: Date; frequency: number; indexes: readonly number[]; members: readonly Member[] }

export const STATUS_CODES = ['active', 'dormant', 'dispersed', 'paused'] as const

/** As JSON: every member with its place, its wave and its state. */
export function jsonFrame({ kind, seq, at, frequency, indexes, members }: SwarmFrame): Buffer {
  return Buffer.from(JSON.stringify({ type: kind, seq, at: at.toISOString(), frequency, agents: indexes.map((index) => members[index]) }))
}

const HEADER_BYTES = 20
const MEMBER_BYTES = 19
const VERSION = 1

/**
 * The same in bytes, big-endian: version u8, kind u8 (0 connected, 1 swarm_update), members u16, seq u32, Unix
 * milliseconds f64, frequency f32; then for each member its index in the order of the catalogue u16, status u8 (in the
 * order of STATUS_CODES), x f32, y f32, z f32, wave f32.
 */
export function binaryFrame({ kind, seq, at, frequency, indexes, members }: SwarmFrame): Buffer {
  const frame = Buffer.alloc(HEADER_BYTES + indexes.length * MEMBER_BYTES)
  frame.writeUInt8(VERSION, 0)
  frame.writeUInt8(kind === 'connected' ? 0 : 1, 1)
  frame.writeUInt16BE(indexes.length, 2)
  frame.writeUInt32BE(seq, 4)
  frame.writeDoubleBE(at.getTime(), 8)
  frame.writeFloatBE(frequency, 16)
  for (const [place, index] of indexes.entries()) writeMember(frame, HEADER_BYTES + place * MEMBER_BYTES, { index, member: members[index] })
  return frame
}

function writeMember(frame: Buffer, at: number, { index, member }: { index: number; member: Member | undefined }): void {
  if (!member) throw new RangeError(`The fleet has no member ${index}`)
  frame.writeUInt16BE(index, at)
  frame.writeUInt8(Math.max(0, STATUS_CODES.indexOf(member.status as never)), at + 2)
  frame.writeFloatBE(member.x, at + 3)
  frame.writeFloatBE(member.y, at + 7)
  frame.writeFloatBE(member.z, at + 11)
  frame.writeFloatBE(member.frequency, at + 15)
}

export type ReadMember = { index: number; status: (typeof STATUS_CODES)[number]; x: number; y: number; z: number; frequency: number }

/** Reads a binary frame back; a client in another language does the same. Throws RangeError for anything else. */
export function readBinaryFrame(frame: Buffer): { kind: SwarmFrame['kind']; seq: number; at: Date; frequency: number; members: ReadMember[] } {
  const count = frame.readUInt16BE(2)
  if (frame.readUInt8(0) !== VERSION || frame.length !== HEADER_BYTES + count * MEMBER_BYTES) throw new RangeError('Not a frame of the swarm')
  return {
    kind: frame.readUInt8(1) === 0 ? 'connected' : 'swarm_update', seq: frame.readUInt32BE(4), at: new Date(frame.readDoubleBE(8)), frequency: frame.readFloatBE(16),
    members: Array.from({ length: count }, (_, place) => readMember(frame, HEADER_BYTES + place * MEMBER_BYTES)),
  }
}

function readMember(frame: Buffer, at: number): ReadMember {
  return {
    index: frame.readUInt16BE(at), status: STATUS_CODES[frame.readUInt8(at + 2)] ?? 'active',
    x: frame.readFloatBE(at + 3), y: frame.readFloatBE(at + 7), z: frame.readFloatBE(at + 11), frequency: frame.readFloatBE(at + 15),
  }
}
