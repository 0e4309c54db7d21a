import type { Settings } from '../../platform/settings.ts'
import { isLoopback } from '../../platform/settings.ts'
import { StartupError } from '../../platform/startup-error.ts'

export type MailServer = {
  host: string
  port: number
  /** TLS from the first byte, by STARTTLS before anything is said, or none because it is this very machine. */
  encryption: 'tls' | 'starttls' | 'loopback'
  login: { user: string; pass: string } | null
}

/** Reads SMTP_URL; null when it is empty. A certificate check cannot be switched off, so query members are refused. */
export function mailServerOf({ SMTP_URL }: Pick<Settings, 'SMTP_URL'>): MailServer | null {
  if (!SMTP_URL) return null
  const url = URL.canParse(SMTP_URL) ? new URL(SMTP_URL) : undefined
  if (!url || !['smtp:', 'smtps:'].includes(url.protocol) || !url.hostname || url.search || url.hash) {
    throw new StartupError('SMTP_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465.')
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const encryption = url.protocol === 'smtps:' ? 'tls' : isLoopback(url.hostname) ? 'loopback' : 'starttls'
  return {
    host, encryption, port: Number(url.port) || (encryption === 'tls' ? 465 : 587),
    login: url.username ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } : null,
  }
}
