import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import addressparser from 'nodemailer/lib/addressparser'
import type { Settings } from '../../platform/settings.ts'
import { StartupError } from '../../platform/startup-error.ts'
import { composeMail } from './compose-mail.ts'
import { fateOf } from './fate-of.ts'
import { mailServerOf, type MailServer } from './mail-server.ts'
import type { Delivery, Mailer } from './mailer.ts'

const CONNECT_TIMEOUT_MS = 5_000
const TOTAL_TIMEOUT_MS = 20_000

type Limits = { connectMs?: number; totalMs?: number }

/** The SMTP client of this instance; null when SMTP_URL is empty. One connection a mail, and nothing of it is logged. */
export function createMailer(settings: Pick<Settings, 'SMTP_URL' | 'MAIL_FROM'>, { connectMs = CONNECT_TIMEOUT_MS, totalMs = TOTAL_TIMEOUT_MS }: Limits = {}): Mailer | null {
  const server = mailServerOf(settings)
  if (!server) return null
  const sender = senderOf(settings.MAIL_FROM)
  return {
    async send(mail, signal) {
      const bytes = await composeMail(mail, { from: settings.MAIL_FROM, domain: sender.domain }).catch(() => undefined)
      if (!bytes) return { fate: 'refused', reason: 'malformed' }
      const limit = AbortSignal.any([signal, AbortSignal.timeout(totalMs)])
      return hand(server, { from: sender.address, to: mail.to.address, bytes }, { limit, connectMs })
    },
  }
}

function senderOf(mailFrom: string): { address: string; domain: string } {
  const [sender, ...more] = addressparser(mailFrom)
  const address = sender && 'address' in sender ? sender.address ?? '' : ''
  const domain = /^[^\s@]+@([^\s@]+)$/.exec(address)?.[1]
  if (!domain || more.length > 0 || /[\r\n]/.test(mailFrom)) throw new StartupError('MAIL_FROM must be one address, such as CHE·NU <chenu@example.org>.')
  return { address, domain }
}

type Letter = { from: string; to: string; bytes: Buffer }

/** Connects, signs in, hands the letter over and leaves. Whatever goes wrong is told as what it means for the letter. */
async function hand(server: MailServer, letter: Letter, { limit, connectMs }: { limit: AbortSignal; connectMs: number }): Promise<Delivery> {
  const connection = connectionTo(server, connectMs)
  let begun = false
  try {
    await step(connection, limit, (done) => connection.connect(done))
    const { login } = server
    if (login) await step(connection, limit, (done) => connection.login(login, done))
    const text = new Readable({
      read() {
        begun = true
        this.push(letter.bytes)
        this.push(null)
      },
    })
    await step(connection, limit, (done) => connection.send({ from: letter.from, to: letter.to, size: letter.bytes.length }, text, done))
    connection.quit()
    return { fate: 'sent' }
  } catch (error) {
    connection.close()
    return fateOf(error, begun)
  }
}

function connectionTo({ host, port, encryption }: MailServer, connectMs: number): SMTPConnection {
  const connection = new SMTPConnection({
    host, port, secure: encryption === 'tls', requireTLS: encryption === 'starttls', ignoreTLS: encryption === 'loopback', name: 'chenu',
    connectionTimeout: connectMs, greetingTimeout: connectMs, dnsTimeout: connectMs, socketTimeout: 2 * connectMs, socketCloseTimeout: 500,
    maxResponseSize: 64 * 1024, logger: false, tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true },
  })
  // A fault after the last step concerns nobody any more; without a listener it would end the process.
  connection.on('error', () => {})
  return connection
}

/** One step of the conversation, ended by its answer, by a fault of the line, or by the limit. */
function step(connection: SMTPConnection, limit: AbortSignal, talk: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error?: unknown): void => {
      limit.removeEventListener('abort', stop)
      connection.off('error', end)
      if (error) reject(error)
      else resolve()
    }
    const stop = (): void => { end(Object.assign(new Error('stopped'), { code: limit.reason instanceof DOMException && limit.reason.name === 'TimeoutError' ? 'ETIMEDOUT' : 'STOPPED' })) }
    connection.on('error', end)
    if (limit.aborted) return stop()
    limit.addEventListener('abort', stop, { once: true })
    talk(end)
  })
}
