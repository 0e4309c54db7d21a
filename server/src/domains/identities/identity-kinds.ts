import type { Bilingual } from '../../platform/text.ts'

/** What a person may be: the nine kinds of the reference. */
export const IDENTITY_KINDS = ['personal', 'enterprise', 'creative', 'design', 'architecture', 'construction', 'immobilier', 'professional', 'family'] as const
export type IdentityKind = (typeof IDENTITY_KINDS)[number]

export const IDENTITY_KIND_NAMES: Record<IdentityKind, Bilingual> = {
  personal: { en: 'Personal', fr: 'Personnelle' },
  enterprise: { en: 'Enterprise', fr: 'Entreprise' },
  creative: { en: 'Creative', fr: 'Créative' },
  design: { en: 'Design', fr: 'Design' },
  architecture: { en: 'Architecture', fr: 'Architecture' },
  construction: { en: 'Construction', fr: 'Construction' },
  immobilier: { en: 'Real estate', fr: 'Immobilier' },
  professional: { en: 'Professional', fr: 'Professionnelle' },
  family: { en: 'Family', fr: 'Famille' },
}
