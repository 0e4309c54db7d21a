import type { z } from 'zod'
import type { Language } from '../../platform/text.ts'
import { hubs, type Hub as DeclaredHub } from '../spheres/hubs.ts'
import { findSphere } from '../spheres/sphere-list.ts'
import type { Hub, HubState } from './contract.ts'

type Placed = { version: number; sphere_id: number | null; thread_id: string | null; thread_title: string | null; updated_at: Date }

/** Where somebody is, over the three hubs. Nobody has moved yet: version 0, and nothing is open. */
export const presentHubs = (state: Placed | undefined, language: Language): z.input<typeof HubState> => ({
  version: state?.version ?? 0, sphere_id: state?.sphere_id ?? null, thread_id: state?.thread_id ?? null, updated_at: state?.updated_at.toISOString() ?? null,
  hubs: hubs.map((hub) => presentHub(hub, state, language)),
})

const presentHub = (hub: DeclaredHub, state: Placed | undefined, language: Language): z.input<typeof Hub> => ({
  code: hub.code, name: hub.name[language], role: hub.role[language], contains: hub.contains[language], steps: hub.steps, current: currentOf(hub, state, language),
})

/** Communication shows the thread, navigation the sphere; the workspace is empty until documents can be opened in it. */
function currentOf({ code }: DeclaredHub, state: Placed | undefined, language: Language): z.input<typeof Hub>['current'] {
  const sphere = state?.sphere_id ? findSphere(state.sphere_id) : undefined
  if (code === 'navigation' && sphere) return { type: 'sphere', id: sphere.code, title: sphere.name[language] }
  if (code === 'communication' && state?.thread_id) return { type: 'thread', id: state.thread_id, title: state.thread_title ?? '' }
  return null
}
