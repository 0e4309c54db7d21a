import { defineProblem } from '../../platform/errors.ts'
import type { Decided } from '../policies/decisions/note-decision.ts'
import type { CheckpointView } from './contract.ts'

/** What a problem says of the checkpoint at which something waits; the rest is at its address. */
const briefOf = ({ id, type, effect, summary, tool, args, action_hash, shown_hash, expires_at }: CheckpointView) => ({ id, type, effect, summary, tool, args, action_hash, shown_hash, expires_at })

const addressOf = ({ id }: CheckpointView): Record<string, string> => ({ 'x-checkpoint-id': id, location: `/api/v2/governance/checkpoints/${id}` })

export const CheckpointRequired = defineProblem<{ checkpoint: CheckpointView; runId: string | null; retryAfterSeconds: number; policies: string[] }>({
  code: 'checkpoint_required', status: 423,
  title: { en: 'Waiting for your approval', fr: 'En attente de votre approbation' },
  detail: ({ checkpoint }) => ({
    en: `Nothing was done yet: ${checkpoint.summary_text.en}. Approve or reject checkpoint ${checkpoint.id}.`,
    fr: `Rien n’a encore été fait : ${checkpoint.summary_text.fr}. Approuvez ou refusez le point de contrôle ${checkpoint.id}.`,
  }),
  members: ({ checkpoint, runId, policies }) => ({ run_id: runId, policies, checkpoint: briefOf(checkpoint) }),
  headers: ({ checkpoint, retryAfterSeconds }) => ({ ...addressOf(checkpoint), 'retry-after': String(retryAfterSeconds) }),
})

export const IdentityBoundary = defineProblem<{ resource: { type: string; id: string } }>({
  code: 'identity_boundary', status: 403,
  title: { en: 'Another identity', fr: 'Une autre identité' },
  detail: () => ({
    en: 'That belongs to another identity. The attempt is recorded.',
    fr: 'Cela appartient à une autre identité. La tentative est consignée.',
  }),
  members: () => ({ policies: ['identity_boundary'], laws: ['L9'] }),
})

/** The policies that refused, the laws that they keep, and the decision for the record. */
type Denied = { policies: string[]; laws?: string[]; decided?: Decided }

export const PolicyDenied = defineProblem<Denied>({
  code: 'policy_denied', status: 403,
  title: { en: 'Policy says no', fr: 'La politique refuse' },
  detail: ({ policies }) => ({ en: `Refused by: ${policies.join(', ')}.`, fr: `Refusé par : ${policies.join(', ')}.` }),
  members: ({ policies, laws = [] }) => ({ policies, laws }),
})

export const CrossSphere = defineProblem<Denied>({
  code: 'cross_sphere', status: 403,
  title: { en: 'Outside the sphere', fr: 'Hors de la sphère' },
  detail: () => ({
    en: 'That lives in another sphere than the one this call works in. Name its sphere, or transfer it first.',
    fr: 'Cela se trouve dans une autre sphère que celle de cet appel. Indiquez sa sphère, ou transférez-le d’abord.',
  }),
  members: ({ policies, laws = [] }) => ({ policies, laws }),
})

export const UnknownTool = defineProblem<{ tool: string }>({
  code: 'unknown_tool', status: 422,
  title: { en: 'Unknown tool', fr: 'Outil inconnu' },
  detail: ({ tool }) => ({
    en: `No tool is called ${tool}. GET /api/v2/nova/tools lists them.`,
    fr: `Aucun outil ne s’appelle ${tool}. GET /api/v2/nova/tools les énumère.`,
  }),
})

export const Dormant = defineProblem({
  code: 'dormant', status: 503,
  title: { en: 'Dormant', fr: 'En dormance' },
  detail: () => ({
    en: 'The Architect stopped the system: reading works, nothing is executed until it is revived.',
    fr: 'L’Architecte a arrêté le système : la lecture fonctionne, rien n’est exécuté avant sa réactivation.',
  }),
  headers: () => ({ 'retry-after': '60' }),
})

/** `changed`: a row that it is about; `shown`: the caller saw something else than what is stored; `forged`: what is stored does not fit its hash. */
type StaleFacts = { because: 'changed' | 'shown' | 'forged'; checkpoint?: CheckpointView }

export const Stale = defineProblem<StaleFacts>({
  code: 'stale', status: 409,
  title: { en: 'Changed since', fr: 'Modifié entre-temps' },
  detail: ({ because, checkpoint }) => {
    if (because === 'shown') return { en: 'This checkpoint shows something else than what you approved. Nothing was done; read it again.', fr: 'Ce point de contrôle montre autre chose que ce que vous avez approuvé. Rien n’a été fait ; relisez-le.' }
    if (checkpoint) return { en: `What was to be approved has changed since. Nothing was done; as it is now it waits at checkpoint ${checkpoint.id}.`, fr: `Ce qui devait être approuvé a changé depuis. Rien n’a été fait ; l’état actuel attend au point de contrôle ${checkpoint.id}.` }
    return { en: 'What was to be approved has changed since. Ask again to approve it as it is now.', fr: 'Ce qui devait être approuvé a changé depuis. Redemandez pour l’approuver dans son état actuel.' }
  },
  members: ({ because, checkpoint }) => ({ because, asks_anew: checkpoint !== undefined, ...(checkpoint ? { checkpoint: briefOf(checkpoint) } : {}) }),
  headers: ({ checkpoint }) => (checkpoint ? addressOf(checkpoint) : {}),
})

export const PreconditionFailed = defineProblem({
  code: 'precondition_failed', status: 412,
  title: { en: 'Another version', fr: 'Autre version' },
  detail: () => ({
    en: 'Your If-Match names another version of this checkpoint. Read it again; nothing was done.',
    fr: 'Votre If-Match désigne une autre version de ce point de contrôle. Relisez-le ; rien n’a été fait.',
  }),
})

export const WaitsAlready = defineProblem<{ id: string }>({
  code: 'waits_already', status: 409,
  title: { en: 'Waits already', fr: 'Déjà en attente' },
  detail: ({ id }) => ({
    en: `That very action waits already, at checkpoint ${id}.`,
    fr: `Cette même action attend déjà, au point de contrôle ${id}.`,
  }),
  members: ({ id }) => ({ checkpoint_id: id }),
})

export const IdempotencyMismatch = defineProblem({
  code: 'idempotency_mismatch', status: 422,
  title: { en: 'Key used for something else', fr: 'Clé déjà utilisée' },
  detail: () => ({
    en: 'This Idempotency-Key was used with another body. Take a new key for a new request.',
    fr: 'Cette Idempotency-Key a servi avec un autre corps. Prenez une nouvelle clé pour une nouvelle requête.',
  }),
})

type Candidate = { id: string; type: string; title: string }

export const Ambiguous = defineProblem<{ candidates: Candidate[] }>({
  code: 'ambiguous', status: 409,
  title: { en: 'Which one?', fr: 'Lequel ?' },
  detail: ({ candidates }) => ({
    en: `Nothing was done: ${candidates.length} of yours fit. Say which by its id.`,
    fr: `Rien n’a été fait : ${candidates.length} des vôtres correspondent. Précisez lequel par son identifiant.`,
  }),
  members: ({ candidates }) => ({ candidates }),
})

export const StepUpRequired = defineProblem({
  code: 'step_up_required', status: 403,
  title: { en: 'Second factor required', fr: 'Second facteur requis' },
  detail: () => ({
    en: 'Give your second factor again (POST /api/v2/auth/step-up), then repeat this within five minutes.',
    fr: 'Donnez à nouveau votre second facteur (POST /api/v2/auth/step-up), puis recommencez dans les cinq minutes.',
  }),
})
