import { houseOf, type House } from './house.ts'
import { parseSource, type Source } from './source.ts'

export type Hit = { line: number; what: string }

type File = { path: string; text: string }

/** A file that breaks a rule once it is in the house. `elsewhere`: the breach shows at another file. */
export type Control = File & { and?: File[]; elsewhere?: boolean }

/** One rule of the house: what it says, how a breach is found, and breaches that it must find. */
export type Rule = {
  says: string
  find: (source: Source, house: House) => Hit[]
  /** Positive control: each is added to the house on its own and must be found. */
  control: Control[]
}

/** `server/src/…:12 The sentence of the rule (what broke it)` for every breach. */
export const breachesOf = (rule: Rule, house: House): string[] =>
  house.sources.flatMap((source) => rule.find(source, house).map(({ line, what }) => `server/src/${source.path}:${line} ${rule.says} (${what})`))

/** True when the rule finds its control in a house that keeps the rule otherwise. */
export function findsControl(rule: Rule, house: House, control: Control): boolean {
  const added = [control, ...control.and ?? []].map(({ path, text }) => parseSource(path, text))
  const paths = new Set(added.map(({ path }) => path))
  const changed = houseOf([...added, ...house.sources.filter(({ path }) => !paths.has(path))])
  if (control.elsewhere) return breachesOf(rule, changed).length > breachesOf(rule, house).length
  return added.some((source) => rule.find(source, changed).length > 0)
}
