import ipaddr from 'ipaddr.js'

/** Addresses that count as public though they answer for the inside of a cloud. */
const METADATA = new Set(['168.63.129.16'])

/**
 * Whether an address is one of the public internet. Everything that is private, local, reserved, or leads to an IPv4
 * address inside of an IPv6 one (mapped, compatible, NAT64, 6to4, Teredo) is not: whoever wants IPv4 writes IPv4.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast' || METADATA.has(parsed.toString())) return false
  // Global unicast is 2000::/3 and nothing else; the library counts what nobody was given yet as unicast too.
  return parsed.kind() === 'ipv4' || ((parsed as ipaddr.IPv6).parts[0] ?? 0) >> 13 === 1
}

/** 127.0.0.0/8 and ::1, and these only. */
export const isLoopbackAddress = (address: string): boolean => ipaddr.isValid(address) && ipaddr.parse(address).range() === 'loopback'
