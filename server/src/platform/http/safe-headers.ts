/**
 * What every answer carries, also one that is given before or beside Fastify (a broken request, a refused upgrade).
 * These are helmet's headers for a server that sends no page: a test holds the two together.
 */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
  'cache-control': 'no-store',
}

/** The same as lines of a raw HTTP answer. */
export const safeHeaderLines = (): string[] => Object.entries(SAFE_HEADERS).map(([name, value]) => `${name}: ${value}`)
