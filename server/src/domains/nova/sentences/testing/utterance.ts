/** One sentence of the set: what it is about, and the plan that is right, written as `showPlan` writes it. */
export type Utterance = { about: string; text: string; planned: string }
