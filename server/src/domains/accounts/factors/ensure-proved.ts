import type { CallerCtx } from '../../../platform/ctx.ts'
import { ensureSteppedUp } from '../../governance/checkpoints/step-up.ts'

/** Changing how one proves oneself wants what one has so far, given anew: it is a GRANT like any other. Throws StepUpRequired. */
export const ensureProved = ({ caller, now }: CallerCtx): void => ensureSteppedUp(caller, 'GRANT', now())
