import { Encoding } from './encoding.ts'

const LENGTH_MAX = 100
const FLAGS = ['rw', 'unc', 'sens', 'trace'] as const
const SHAPE = /^([A-Z]+)\.([A-Z]+)\.([A-Z]+)\.([A-Z]+)((?:#[A-Z]+)*)(?:>([A-Z]+))?(?:~([A-Z]+))?((?:![A-Z]+)*)$/

/**
 * One line that says an encoding whole: `CMP.DOC.LOCK.PREP#RISK#OPT>TABLE~S!SENS!TRACE` is act, source, scope and
 * mode, then #focus, >output, ~length and !flags. What is at its default (MD, AUTO) is left out.
 */
export const toCompact = ({ act, src, scope, mode, focus, out, len, flags }: Encoding): string => [
  [act, src, scope, mode].join('.'),
  ...focus.map((code) => `#${code}`),
  out === 'MD' ? '' : `>${out}`,
  len === 'AUTO' ? '' : `~${len}`,
  ...FLAGS.filter((flag) => flags[flag]).map((flag) => `!${flag.toUpperCase()}`),
].join('')

/** The encoding of a compact line; undefined when it breaks a rule or is not the one spelling that `toCompact` gives. */
export function fromCompact(compact: string): Encoding | undefined {
  if (compact.length > LENGTH_MAX) return undefined
  const [, act, src, scope, mode, foci = '', out = 'MD', len = 'AUTO', given = ''] = SHAPE.exec(compact) ?? []
  const flags = new Set(given.toLowerCase().split('!'))
  const parsed = Encoding.safeParse({
    act, src, scope, mode, out, len,
    focus: foci.split('#').slice(1),
    flags: Object.fromEntries(FLAGS.map((flag) => [flag, flags.has(flag)])),
  })
  return parsed.success && toCompact(parsed.data) === compact ? parsed.data : undefined
}
