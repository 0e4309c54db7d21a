/** Display values, without any claim about health (product.md). */
export const RUNNING = 444
export const TARGET = 999
export const DORMANT = 432

const STEP = 111

/** A resonance is an integer multiple of 111, from 111 to 999. */
export const isResonance = (frequency: number): boolean => Number.isInteger(frequency) && frequency % STEP === 0 && frequency >= STEP && frequency <= TARGET

export const frequencyOf = (state: string): number => (state === 'operational' ? RUNNING : DORMANT)
