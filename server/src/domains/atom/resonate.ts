import { defineAction } from '../../platform/action.ts'
import type { EffectTx } from '../../platform/ctx.ts'
import { closeAsService } from '../../platform/db/as-service.ts'
import { emit } from '../../platform/events/emit.ts'
import { newId } from '../../platform/ids.ts'
import { NotFound } from '../../platform/problems.ts'
import { Resonance, ResonanceUpdated } from './contract.ts'
import { InvalidFrequency } from './errors.ts'
import { AtomAgentWave, AtomClusterUpdate, AtomResonance } from './events.ts'
import { isResonance } from './frequency.ts'
import { presentCluster } from './present.ts'
import { findCluster, findMember, insertResonance } from './queries.ts'

/** Keeps the caller's resonance, or the one that they give an agent. Theirs is heard by their identity alone; agents are everyone's. */
export const resonate = defineAction({
  name: 'atom.resonate', effect: 'CREATE', reversible: false, input: Resonance, output: ResonanceUpdated,
  title: { en: 'Set a resonance', fr: 'Définir une résonance' },
  summary: ({ frequency, agent_id }) => ({
    en: `Set the resonance ${frequency}${agent_id ? ` of the agent ${agent_id}` : ''}`,
    fr: `Définir la résonance ${frequency}${agent_id ? ` de l’agent ${agent_id}` : ''}`,
  }),
  check: async (_tx, { frequency }) => { if (!isResonance(frequency)) throw InvalidFrequency() },
  async run(tx, { frequency, phase, agent_id: agentId }) {
    const [member] = agentId === undefined ? [] : await tx.send(findMember(tx.db, agentId))
    if (agentId !== undefined && !member) throw NotFound()
    tx.atClose(() => insertResonance(tx.db, { id: newId(), identityId: tx.identityId, userId: tx.userId, agentCode: agentId ?? null, frequency, phase, at: tx.now() }))
    if (member) await tellFleet(tx, member, { frequency, phase })
    else emit(tx, AtomResonance, { frequency, phase, agent_id: null })
    return { status: 'resonance_updated' as const, frequency }
  },
})

type Member = { agent_code: string; status: string; sphere_id: number }

/** Events of the instance: they name an agent and no identity. */
async function tellFleet(tx: EffectTx, { agent_code: agentId, status, sphere_id: sphereId }: Member, wave: { frequency: number; phase: number }): Promise<void> {
  const clusters = await tx.send(findCluster(tx.db, sphereId))
  closeAsService(tx, 'atom', () => {
    const told = { ...tx, identityId: null, userId: null }
    emit(told, AtomResonance, { ...wave, agent_id: agentId })
    emit(told, AtomAgentWave, { ...wave, agent_id: agentId, agents: 1, status })
    emit(told, AtomClusterUpdate, { clusters: clusters.map((row) => presentCluster(row, wave.frequency)) })
  })
}
