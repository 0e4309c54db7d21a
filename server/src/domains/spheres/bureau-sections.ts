import type { Bilingual } from '../../platform/text.ts'
import type { SphereCode } from './sphere-list.ts'

/** The six views of every sphere, in canonical order; there is never a seventh. */
export const SECTION_CODES = ['quick_capture', 'resume_workspace', 'threads', 'data_files', 'active_agents', 'meetings'] as const
export type SectionCode = (typeof SECTION_CODES)[number]

export type BureauSection = { code: SectionCode; name: Bilingual }

export const bureauSections: readonly BureauSection[] = [
  { code: 'quick_capture', name: { fr: 'Capture rapide', en: 'Quick Capture' } },
  { code: 'resume_workspace', name: { fr: 'Reprendre', en: 'Resume Workspace' } },
  { code: 'threads', name: { fr: 'Fils', en: 'Threads' } },
  { code: 'data_files', name: { fr: 'Données & fichiers', en: 'Data / Files' } },
  { code: 'active_agents', name: { fr: 'Agents actifs', en: 'Active Agents' } },
  { code: 'meetings', name: { fr: 'Réunions', en: 'Meetings' } },
]

/** What a sphere shows first; the expansion has no preference, so it keeps the canonical order. */
const firstThree: Partial<Record<SphereCode, SectionCode[]>> = {
  personal: ['quick_capture', 'threads', 'data_files'],
  business: ['resume_workspace', 'meetings', 'data_files'],
  government: ['data_files', 'threads', 'meetings'],
  creative_studio: ['quick_capture', 'threads', 'resume_workspace'],
  community: ['threads', 'meetings', 'quick_capture'],
  social_media: ['quick_capture', 'threads', 'data_files'],
  entertainment: ['quick_capture', 'data_files', 'threads'],
  my_team: ['active_agents', 'meetings', 'resume_workspace'],
  scholar: ['data_files', 'threads', 'quick_capture'],
}

/** All six sections in the sphere's default order; a person may reorder them, never remove one. */
export const defaultSectionOrder = (sphere: SphereCode): SectionCode[] => [...new Set([...(firstThree[sphere] ?? []), ...SECTION_CODES])]
