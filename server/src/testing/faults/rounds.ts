/** How many rounds a fault is tried for: few inside `npm test`, many with `npm run test:faults -- --long`, or as many as --rounds says. */
export function roundsOf({ short, long }: { short: number; long: number }): number {
  const wanted = process.env.CHENU_FAULT_ROUNDS ?? 'short'
  if (wanted === 'short') return short
  return wanted === 'long' ? long : Number(wanted)
}
