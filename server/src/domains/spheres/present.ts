import type { z } from 'zod'
import type { Language } from '../../platform/text.ts'
import type { Sphere as SphereView } from './contract.ts'
import type { Sphere } from './sphere-list.ts'

export const presentSphere = ({ id, code, name, icon, colour, core, agents, themes }: Sphere, language: Language): z.input<typeof SphereView> => ({
  id, code, name: name[language], names: name, icon, colour, core, agent_count: agents, themes: themes[language],
})
