import type { Bilingual } from '../../platform/text.ts'

export const HUB_CODES = ['communication', 'navigation', 'workspace'] as const
export type HubCode = (typeof HUB_CODES)[number]

/** An area of the product. A change of context is one step over all three. */
export type Hub = {
  code: HubCode
  name: Bilingual
  role: Bilingual
  contains: { fr: string[]; en: string[] }
  /** Steps of the ten of a one-click run that happen here. */
  steps: number[]
}

export const hubs: readonly Hub[] = [
  {
    code: 'communication', name: { fr: 'Communication', en: 'Communication' },
    role: { fr: 'Clarifier l’intention.', en: 'Clarify the intent.' },
    contains: { fr: ['Nova', 'agents', 'messagerie', 'courriel'], en: ['Nova', 'agents', 'messaging', 'e-mail'] },
    steps: [1, 2, 3, 4],
  },
  {
    code: 'navigation', name: { fr: 'Navigation', en: 'Navigation' },
    role: { fr: 'Choisir le contexte.', en: 'Choose the context.' },
    contains: { fr: ['sphères', 'espaces de données', 'données', 'plateformes externes'], en: ['spheres', 'dataspaces', 'data', 'external platforms'] },
    steps: [5, 6, 7],
  },
  {
    code: 'workspace', name: { fr: 'Espace de travail', en: 'Workspace' },
    role: { fr: 'Travailler sous contrôle.', en: 'Work under control.' },
    contains: { fr: ['documents', 'éditeurs', 'navigateur', 'projets'], en: ['documents', 'editors', 'browser', 'projects'] },
    steps: [8, 9, 10],
  },
]
