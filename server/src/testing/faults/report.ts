/** What a suite of faults found, as one line of the table that `npm run test:faults` prints. */
export type FaultReport = { fault: string; rounds: number; cases: number; lost?: number; ghosts?: number; doubles?: number; refused?: number; control: 'caught' | 'not caught'; note?: string }

export const REPORT_MARK = 'fault-report '

/** Tells the runner; a suite whose positive control was not caught does not count. */
export function report(t: { diagnostic(message: string): void }, line: FaultReport): void {
  t.diagnostic(`${REPORT_MARK}${JSON.stringify(line)}`)
  if (line.control !== 'caught') throw new Error(`The positive control of ${line.fault} was not caught: this suite shows nothing`)
}
