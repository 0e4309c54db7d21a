export const AGEING = ['green', 'yellow', 'red', 'blinking'] as const
export type Ageing = (typeof AGEING)[number]

/** How much of its life a waiting checkpoint has used up: a quarter, a half, three quarters, and then it blinks. */
export function ageingOf({ createdAt, expiresAt, now }: { createdAt: Date; expiresAt: Date; now: Date }): Ageing {
  const life = expiresAt.getTime() - createdAt.getTime()
  const used = life <= 0 ? 1 : (now.getTime() - createdAt.getTime()) / life
  return AGEING[used < 0.25 ? 0 : used < 0.5 ? 1 : used < 0.75 ? 2 : 3]
}
