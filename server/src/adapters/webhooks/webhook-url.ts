import { isIP } from 'node:net'
import { isLoopbackAddress, isPublicAddress } from './public-address.ts'

/** Both off on every instance that others can reach; tests on one machine switch them on. */
export type UrlRules = { allowHttp: boolean; allowLoopback: boolean }

export const URL_FAULTS = ['malformed', 'scheme', 'credentials', 'port', 'host', 'address', 'too_long'] as const
export type UrlFault = (typeof URL_FAULTS)[number]

const LENGTH_MAX = 2_000
const PORTS = new Set(['', '443', '8443'])
/** Names that never lead to the internet, however they resolve. */
const INSIDE = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|private|arpa|onion|test|invalid|example)$/

/**
 * Reads the address of a receiver; what it returns is the one spelling that is stored, shown and connected to. Only what
 * can be seen in the text is refused here: a name is looked up when it is connected to, and its address checked then.
 */
export function readWebhookUrl(text: string, rules: UrlRules): { url: string } | { fault: UrlFault } {
  if (text.length > LENGTH_MAX) return { fault: 'too_long' }
  // A URL parser drops tabs and line breaks and turns backslashes round; a person who reads the address does not.
  if (/[\s\\\p{Cc}\p{Cf}]/u.test(text) || !/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) return { fault: /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^https?:/i.test(text) ? 'scheme' : 'malformed' }
  const url = new URL(text)
  const host = hostOf(url)
  const loopback = rules.allowLoopback && (host === 'localhost' || isLoopbackAddress(host))
  if (url.protocol !== 'https:' && !rules.allowHttp) return { fault: 'scheme' }
  if (url.username || url.password || /^[^/]*\/\/[^/?#]*@/.test(text)) return { fault: 'credentials' }
  if (!loopback && !PORTS.has(url.port) && !(url.protocol === 'http:' && url.port === '80')) return { fault: 'port' }
  const fault = loopback ? undefined : hostFault(host)
  if (fault) return { fault }
  url.hash = ''
  return { url: url.href }
}

/** The host that is connected to, an IPv6 address without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

function hostFault(host: string): UrlFault | undefined {
  if (isIP(host)) return isPublicAddress(host) ? undefined : 'address'
  const name = host.replace(/\.$/, '')
  if (!name.includes('.') || INSIDE.test(name) || !/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/.test(name)) return 'host'
  return undefined
}
