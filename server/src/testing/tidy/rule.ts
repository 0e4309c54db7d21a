import { houseOf, type House } from './house.ts'
import { parseSource, type Source } from './source.ts'

export type Hit = { line: number; what: string }

/** One rule of the house: what it says, how a breach is found, and breaches that it must find. */
export type Rule = {
  says: string
  find: (source: Source, house: House) => Hit[]
  /** Positive control: files that break the rule, each added to the house on its own. */
  control: Array<{ path: string; text: string }>
}

/** `server/src/…:12 The sentence of the rule (what broke it)` for every breach. */
export const breachesOf = (rule: Rule, house: House): string[] =>
  house.sources.flatMap((source) => rule.find(source, house).map(({ line, what }) => `server/src/${source.path}:${line} ${rule.says} (${what})`))

/** The breaches of the rule in a house to which one file was added, or in which it was replaced. */
export function breachesWith(rule: Rule, house: House, file: { path: string; text: string }): string[] {
  const source = parseSource(file.path, file.text)
  const changed = houseOf([...house.sources.filter(({ path }) => path !== file.path), source])
  return rule.find(source, changed).map(({ line, what }) => `${file.path}:${line} ${what}`)
}
