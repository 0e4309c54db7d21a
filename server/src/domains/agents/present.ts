import type { z } from 'zod'
import type { Bilingual, Language } from '../../platform/text.ts'
import { findSphere } from '../spheres/sphere-list.ts'
import { Agent, type AgentStats } from './contract.ts'
import type { AgentRow, countAgents } from './queries.ts'

export function presentAgent(row: AgentRow, language: Language): z.output<typeof Agent> {
  const names = row.name as Bilingual
  const functions = row.function as Bilingual
  return Agent.parse({ ...row, sphere: findSphere(row.sphere_id)?.code, name: names[language], names, function: functions[language], functions })
}

export function presentStats(rows: Awaited<ReturnType<typeof countAgents>>): z.input<typeof AgentStats> {
  const sum = (core: boolean): number => rows.filter((row) => row.core === core).reduce((total, row) => total + Number(row.agents), 0)
  return { total: sum(true) + sum(false), core: sum(true), expansion: sum(false), by_sphere: Object.fromEntries(rows.map(({ code, agents }) => [code, Number(agents)])) }
}
