import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** An e-mail as the loopback server took it: envelope and raw text. */
export type Received = { from: string; to: string[]; text: string }

/** Answers instead of taking the mail: an SMTP reply code, `cut` the line after the text came, or `silence`. */
export type Mood = 'take' | 'cut' | 'silence' | number

export type TestMailServer = {
  url: string
  port: number
  mails: Received[]
  /** What it does with the next mails. */
  mood: { recipient: Mood; text: Mood }
  /** Resolves once somebody wants to write to that address. */
  asked(address: string): Promise<void>
  /** Resolves once it has taken so many mails. */
  taken(count: number): Promise<void>
  close(): Promise<void>
}

const reply = (code: number): Error => Object.assign(new Error('no'), { responseCode: code })

/** A mail server on loopback that keeps what it takes. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<TestMailServer> {
  const mails: Received[] = []
  const waiting: Array<() => void> = []
  const asking = new Map<string, () => void>()
  const mood: TestMailServer['mood'] = { recipient: 'take', text: 'take' }
  const server = new SMTPServer({
    authOptional: true, disabledCommands: options.key ? [] : ['STARTTLS'], disableReverseLookup: true, logger: false, closeTimeout: 200,
    onRcptTo: ({ address }, _session, done) => {
      asking.get(address)?.()
      if (typeof mood.recipient === 'number') done(reply(mood.recipient))
      else if (mood.recipient !== 'silence') done()
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => { chunks.push(chunk) })
      stream.on('end', () => {
        if (mood.text === 'silence') return
        if (typeof mood.text === 'number') return done(reply(mood.text))
        const { mailFrom, rcptTo } = session.envelope
        mails.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map((to) => to.address), text: Buffer.concat(chunks).toString('utf8') })
        if (mood.text === 'cut') cutAll(server)
        else done()
        for (const look of waiting) look()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.server.address() as { port: number }
  return {
    url: `smtp://127.0.0.1:${port}`, port, mails, mood,
    asked: (address) => new Promise((resolve) => { asking.set(address, resolve) }),
    taken: (count) => new Promise((resolve) => {
      const look = (): void => { if (mails.length >= count) resolve() }
      waiting.push(look)
      look()
    }),
    close: () => new Promise((resolve) => { server.close(() => { resolve() }) }),
  }
}

function cutAll(server: SMTPServer): void {
  for (const connection of (server as unknown as { connections: Set<{ _socket: { destroy(): void } }> }).connections) connection._socket.destroy()
}
