import type { Bilingual } from '../../platform/text.ts'

export const SPHERE_CODES = [
  'personal', 'business', 'government', 'creative_studio', 'community', 'social_media', 'entertainment', 'my_team', 'scholar',
  'transport', 'societal', 'environment', 'privacy', 'jeunesse', 'dashboard',
] as const
export type SphereCode = (typeof SPHERE_CODES)[number]

/** A fixed context of life and work: nobody creates or deletes one, and nothing crosses by default. */
export type Sphere = {
  /** 1 to 9 are the core, 10 to 15 the expansion. */
  id: number
  code: SphereCode
  name: Bilingual
  icon: string
  colour: string
  /** How many agents the catalogue has for it. */
  agents: number
  /** False for the six that only the fleet of AT·OM needs. */
  core: boolean
  themes: { fr: string[]; en: string[] }
}

/** The nine core spheres, then the six of the expansion, by id. */
export const spheres: readonly Sphere[] = [
  {
    id: 1, code: 'personal', name: { fr: 'Personnel', en: 'Personal' }, icon: '🏠', colour: '#76E6C7', agents: 28, core: true,
    themes: { fr: ['propriété privée', 'maison', 'santé', 'finances personnelles'], en: ['private property', 'home', 'health', 'personal finance'] },
  },
  {
    id: 2, code: 'business', name: { fr: 'Entreprises', en: 'Business' }, icon: '💼', colour: '#5BA9FF', agents: 43, core: true,
    themes: {
      fr: ['sociétés', 'relation client', 'ressources humaines', 'comptabilité', 'construction', 'immobilier locatif'],
      en: ['companies', 'customer relations', 'human resources', 'accounting', 'construction', 'rental property'],
    },
  },
  {
    id: 3, code: 'government', name: { fr: 'Gouvernement & Institutions', en: 'Government & Institutions' }, icon: '🏛️', colour: '#D08FFF', agents: 18, core: true,
    themes: { fr: ['administration', 'conformité', 'documents officiels'], en: ['administration', 'compliance', 'official papers'] },
  },
  {
    id: 4, code: 'creative_studio', name: { fr: 'Studio de création', en: 'Creative Studio' }, icon: '🎨', colour: '#FF8BAA', agents: 42, core: true,
    themes: { fr: ['design', 'médias', 'audio', 'vidéo', '3D'], en: ['design', 'media', 'audio', 'video', '3D'] },
  },
  {
    id: 5, code: 'community', name: { fr: 'Communauté', en: 'Community' }, icon: '👥', colour: '#22C55E', agents: 12, core: true,
    themes: { fr: ['associations', 'vie locale', 'bénévolat'], en: ['associations', 'local life', 'volunteering'] },
  },
  {
    id: 6, code: 'social_media', name: { fr: 'Social & Médias', en: 'Social & Media' }, icon: '📱', colour: '#66D06F', agents: 15, core: true,
    themes: { fr: ['réseaux', 'publication', 'mesures d’audience'], en: ['networks', 'publishing', 'analytics'] },
  },
  {
    id: 7, code: 'entertainment', name: { fr: 'Divertissement', en: 'Entertainment' }, icon: '🎬', colour: '#FFB04D', agents: 8, core: true,
    themes: { fr: ['films et musique', 'jeux', 'voyages'], en: ['streaming', 'games', 'travel'] },
  },
  {
    id: 8, code: 'my_team', name: { fr: 'Mon équipe', en: 'My Team' }, icon: '🤝', colour: '#5ED8FF', agents: 35, core: true,
    themes: { fr: ['personnes', 'agents IA', 'compétences et outils', 'IA Labs'], en: ['people', 'AI agents', 'skills and tools', 'IA Labs'] },
  },
  {
    id: 9, code: 'scholar', name: { fr: 'Scholar / Académique', en: 'Scholar' }, icon: '📚', colour: '#9B59B6', agents: 25, core: true,
    themes: { fr: ['recherche', 'certifications', 'apprentissage'], en: ['research', 'certifications', 'learning'] },
  },
  {
    id: 10, code: 'transport', name: { fr: 'Transports', en: 'Transport' }, icon: '🚆', colour: '#3FA7D6', agents: 50, core: false,
    themes: { fr: ['voyages', 'flottes', 'réservations', 'trafic'], en: ['travel', 'fleets', 'bookings', 'traffic'] },
  },
  {
    id: 11, code: 'societal', name: { fr: 'Société', en: 'Societal' }, icon: '🏘️', colour: '#E0A458', agents: 20, core: false,
    themes: { fr: ['vie civique', 'bénévolat', 'projets locaux'], en: ['civic life', 'volunteering', 'local projects'] },
  },
  {
    id: 12, code: 'environment', name: { fr: 'Environnement', en: 'Environment' }, icon: '🌿', colour: '#4CAF7D', agents: 25, core: false,
    themes: { fr: ['carbone', 'recyclage', 'énergie', 'biodiversité'], en: ['carbon', 'recycling', 'energy', 'biodiversity'] },
  },
  {
    id: 13, code: 'privacy', name: { fr: 'Vie privée', en: 'Privacy' }, icon: '🔒', colour: '#8D99AE', agents: 8, core: false,
    themes: { fr: ['contrôle', 'consentement', 'chiffrement'], en: ['audit', 'consent', 'encryption'] },
  },
  {
    id: 14, code: 'jeunesse', name: { fr: 'Jeunesse', en: 'Youth' }, icon: '🎒', colour: '#F4D35E', agents: 15, core: false,
    themes: { fr: ['mentorat', 'groupes d’étude', 'jeux éducatifs'], en: ['mentoring', 'learning groups', 'learning games'] },
  },
  {
    id: 15, code: 'dashboard', name: { fr: 'Tableau de bord', en: 'Dashboard' }, icon: '📊', colour: '#7D8CC4', agents: 6, core: false,
    themes: { fr: ['mesures du système', 'rapports'], en: ['system metrics', 'reports'] },
  },
]

/** Names that earlier versions and people use, as they stand once spelled by `plain`. */
const aliases: Record<SphereCode, string[]> = {
  personal: ['perso', 'personnel'],
  business: ['enterprise', 'entreprise', 'entreprises', 'affaires', 'company'],
  government: ['gov', 'gouvernement', 'institutions', 'government_institutions', 'gouvernement_institutions'],
  creative_studio: ['creative', 'studio', 'creation', 'studio_de_creation', 'studio_creation'],
  community: ['communaute', 'associations'],
  social_media: ['social', 'media', 'medias', 'reseaux_sociaux', 'social_medias'],
  entertainment: ['divertissement', 'loisirs', 'leisure'],
  my_team: ['team', 'myteam', 'equipe', 'mon_equipe'],
  scholar: ['scholars', 'academic', 'academique', 'etudes', 'scholar_academique'],
  transport: ['transports', 'mobility', 'mobilite'],
  societal: ['society', 'societe', 'civic'],
  environment: ['environnement', 'ecology', 'ecologie'],
  privacy: ['vie_privee', 'confidentialite'],
  jeunesse: ['youth', 'jeunes'],
  dashboard: ['tableau_de_bord'],
}

const byName = new Map(spheres.flatMap((sphere) =>
  [String(sphere.id), sphere.code, ...aliases[sphere.code]].map((name): [string, Sphere] => [name, sphere])))

/** The sphere of an id (1 to 15, also as a string), a code or an alias, whatever its case, accents or hyphens. */
export const findSphere = (given: string | number): Sphere | undefined => byName.get(plain(String(given)))

const plain = (name: string): string =>
  name.slice(0, 50).trim().toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/[^a-z0-9.]+/g, '_')
