import type { z } from 'zod'
import type { Language } from '../../platform/text.ts'
import type { Sphere as SphereView } from './contract.ts'
import type { Sphere } from './sphere-list.ts'

/** A sphere as every answer shows it, its name and themes in the reader's language. */
export const describeSphere = ({ id, code, name, icon, colour, core, agents, themes }: Sphere, language: Language): z.input<typeof SphereView> => ({
  id, code, name: name[language], names: name, icon, colour, core, agent_count: agents, themes: themes[language],
})
