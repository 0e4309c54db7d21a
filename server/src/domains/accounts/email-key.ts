const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const LOCAL_MAX = 64
const ADDRESS_MAX = 254

/** An e-mail address: `shown` as its owner writes it, `key` as accounts are told apart. */
export type Address = { shown: string; key: string }

/**
 * Reads an e-mail address; undefined for one that we do not take. Full-width letters and capitals are other spellings of
 * the same account (NFKC, lower case). What is not ASCII after that (dotless ı, Cyrillic а) is refused before the @
 * rather than merged, so that nobody's account can be met under a look-alike; in the domain it becomes its IDNA form,
 * where a look-alike is another domain.
 */
export function readAddress(given: string): Address | undefined {
  const shown = given.normalize('NFKC').trim()
  const at = shown.lastIndexOf('@')
  const local = shown.slice(0, Math.max(at, 0)).toLowerCase()
  const domain = hostOf(shown.slice(at + 1))
  const key = `${local}@${domain}`
  if (at < 1 || local.length > LOCAL_MAX || !LOCAL.test(local) || domain === undefined || key.length > ADDRESS_MAX) return undefined
  return { shown, key }
}

function hostOf(domain: string): string | undefined {
  if (!DOMAIN.test(domain) || !URL.canParse(`http://${domain}`)) return undefined
  const host = new URL(`http://${domain}`).hostname
  const labels = host.split('.')
  return labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '') ? host : undefined
}
