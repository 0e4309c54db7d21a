import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'

/** A client that upgrades to a live socket and then does nothing by itself: it answers no ping and no close. */
export async function rawUpgrade(url: string): Promise<Socket> {
  const { hostname, port, host } = new URL(url)
  const socket = createConnection({ host: hostname, port: Number(port) })
  socket.on('error', () => {})
  socket.write(`GET /ws HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`)
  await once(socket, 'data')
  socket.on('data', () => {})
  return socket
}

/** Bytes as a client must send them: behind their key. */
export function mask(payload: Buffer): Buffer {
  const key = randomBytes(4)
  return Buffer.concat([key, payload.map((byte, index) => byte ^ (key[index % 4] ?? 0))])
}

/** A whole text message of a client. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const length = payload.length < 126 ? Buffer.from([0x80 | payload.length]) : Buffer.from([0xfe, payload.length >> 8, payload.length & 0xff])
  return Buffer.concat([Buffer.from([0x81]), length, mask(payload)])
}

/** Sends the bytes as they are; the code of the close frame that comes back. */
export async function rawClose(url: string, bytes: Buffer): Promise<number> {
  const socket = await rawUpgrade(url)
  const closed = new Promise<number>((resolve) => {
    socket.on('data', (chunk: Buffer) => { if (chunk[0] === 0x88 && chunk.length >= 4) resolve(chunk.readUInt16BE(2)) })
  })
  socket.write(bytes)
  return closed.finally(() => { socket.destroy() })
}
