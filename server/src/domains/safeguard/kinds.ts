/** Violations that a server can observe, of those the sources name (reference §26.2). What nobody can measure is not claimed. */
export const KINDS = ['boundary_violation', 'approval_bypass', 'privilege_escalation', 'seal_forgery', 'mass_extraction', 'frequency_spoofing', 'flooding'] as const
export type Kind = (typeof KINDS)[number]

export const SEVERITIES = ['low', 'medium', 'high'] as const
export type Severity = (typeof SEVERITIES)[number]

/** From telling only to stopping everyone. */
export const ANSWERS = ['alert', 'temporary_block', 'partial', 'sectoral', 'total'] as const
export type Answer = (typeof ANSWERS)[number]

export type Rule = {
  severity: Severity
  /** What is seen of one source in the window until it counts as a violation; a setting changes it. */
  limit: number
  /** What is answered to the one whose doing it is. */
  alone: Answer
  /** What is answered once several do it at the same time, so that it is no longer one client's mistake. */
  together: Answer
}

/** So many sources of one kind of violation in the window are no coincidence. */
export const SEVERAL = 3

/**
 * The reference: unauthorised access → partial, privacy → sectoral, coercion and manipulation → temporary block, deception
 * → notification, forged seals → total. Who can be told apart is blocked alone, so that one person's misbehaviour, or one
 * badly written client, never stops the others; a forged seal has no source of its own, and its limit is that of a flood of
 * guesses.
 */
export const RULES: Readonly<Record<Kind, Rule>> = {
  boundary_violation: { severity: 'medium', limit: 20, alone: 'temporary_block', together: 'partial' },
  approval_bypass: { severity: 'high', limit: 5, alone: 'temporary_block', together: 'partial' },
  privilege_escalation: { severity: 'high', limit: 5, alone: 'temporary_block', together: 'sectoral' },
  seal_forgery: { severity: 'high', limit: 300, alone: 'total', together: 'total' },
  mass_extraction: { severity: 'high', limit: 3, alone: 'temporary_block', together: 'sectoral' },
  frequency_spoofing: { severity: 'low', limit: 10, alone: 'alert', together: 'alert' },
  flooding: { severity: 'medium', limit: 3, alone: 'temporary_block', together: 'partial' },
}

/** The limits with those that the setting changes, such as `boundary_violation=50,flooding=5`. Throws TypeError. */
export function readLimits(text: string): Record<Kind, number> {
  const limits = Object.fromEntries(KINDS.map((kind) => [kind, RULES[kind].limit])) as Record<Kind, number>
  for (const part of text.split(',').map((one) => one.trim()).filter(Boolean)) {
    const [kind, limit] = part.split('=')
    if (!KINDS.includes(kind as Kind) || !/^[1-9]\d{0,6}$/.test(limit ?? '')) throw new TypeError(`"kind=number", with kinds ${KINDS.join(', ')}`)
    limits[kind as Kind] = Number(limit)
  }
  return limits
}
