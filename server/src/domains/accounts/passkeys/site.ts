import type { Settings } from '../../../platform/settings.ts'
import { PasskeysNotConfigured } from './errors.ts'

/** The site that passkeys belong to, from the setting and never from a request. Throws NotConfigured. */
export function siteOf({ PUBLIC_URL }: Settings): { origin: string; rpId: string } {
  if (!PUBLIC_URL) throw PasskeysNotConfigured()
  const { origin, hostname } = new URL(PUBLIC_URL)
  return { origin, rpId: hostname }
}
