import { connect, type Socket } from 'node:net'

const PATIENCE_MS = 8_000

/** What came back over a socket: the first answer's status, headers by lower-case name, body; and everything as text. */
export type Wired = { status: number; headers: Record<string, string>; body: string; text: string }

export function openWire(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => { resolve(socket) })
    socket.once('error', reject)
    socket.on('error', () => {})
  })
}

/** Everything that the server sends on this socket until it closes it. Throws when it never does. */
export function untilClosed(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk) => { text += chunk.toString('latin1') })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`The server kept the connection open; it had sent ${JSON.stringify(text.slice(0, 200))}`))
    }, PATIENCE_MS)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve(text)
    })
  })
}

/** Sends bytes exactly as they are on a connection of their own, and waits until the server closes it. */
export async function sendRaw(url: string, bytes: string | Buffer): Promise<Wired> {
  const socket = await openWire(url)
  const closed = untilClosed(socket)
  socket.write(bytes)
  return readAnswer(await closed)
}

/** A request line with Host, `Connection: close` and whatever headers and body are given, as they are. */
export const rawRequest = (line: string, headers: string[] = [], body = ''): string => [`${line} HTTP/1.1`, 'Host: chenu.test', 'Connection: close', ...headers, '', body].join('\r\n')

export const withJson = (body: string | Buffer): string[] => ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]

export function readAnswer(text: string): Wired {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [line = '', ...lines] = head.split('\r\n')
  const headers = Object.fromEntries(lines.map((header) => [header.slice(0, header.indexOf(':')).toLowerCase(), header.slice(header.indexOf(':') + 1).trim()]))
  return { status: Number(line.split(' ')[1] ?? 0), headers, body: rest.join('\r\n\r\n'), text }
}
