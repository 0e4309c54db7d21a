/** Effects that no elevation lets pass without asking: what is destroyed, paid, given away or granted is asked about each time. */
const ALWAYS_ASKED = new Set(['DELETE', 'PAYMENT', 'TRANSFER', 'GRANT'])

export const isElevatable = ({ effect, reversible }: { effect: string; reversible?: false }): boolean =>
  !ALWAYS_ASKED.has(effect) && (effect === 'SEND' || effect === 'EXECUTE' || reversible === false)

/** Whether a scope (`messages.send`, `messages.*`) names an action. */
export const covers = (scope: string, action: string): boolean => (scope.endsWith('.*') ? action.startsWith(scope.slice(0, -1)) : scope === action)
