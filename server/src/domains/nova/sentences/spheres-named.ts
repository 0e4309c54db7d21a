import { spheres } from '../../spheres/sphere-list.ts'
import { fold } from './reading.ts'

const SYNONYMS: Record<string, string[]> = {
  personal: ['personnelle', 'perso', 'private'], business: ['entreprise', 'business', 'company', 'affaires', 'work', 'travail', 'boulot', 'pro', 'professionnelle'],
  government: ['gouvernement', 'government', 'administration', 'institutions'], creative_studio: ['studio', 'creative', 'studio creatif', 'creation', 'creative studio'],
  community: ['communaute', 'community', 'communautaire'], social_media: ['social', 'social media', 'medias sociaux', 'reseaux sociaux', 'medias'], entertainment: ['loisirs', 'divertissement', 'entertainment'],
  my_team: ['my team', 'equipe', 'mon equipe', 'team'], scholar: ['academique', 'etudes', 'scholar', 'school', 'studies'],
}

const names = new Map<string, string>()
for (const { code, name, core } of spheres) {
  if (!core) continue
  for (const given of [code, code.replaceAll('_', ' '), name.en, name.fr, ...(SYNONYMS[code] ?? [])]) names.set(fold(given), code)
}
const alternatives = [...names.keys()].toSorted((a, b) => b.length - a.length).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')

const PLACE = new RegExp(`(?:^|[\\s,]+)(?:dans|in|into|to|vers|en|au|a|sous|under|inside)\\s+(?:(?:the|my|our|la|le|l'|ma|mon|notre)\\s*)?(?:sphere\\s+(?:de\\s+|du\\s+|des\\s+|d'|of\\s+)?(?:la\\s+|l'|the\\s+)?)?(${alternatives})(?:\\s+(?:sphere|space))?\\s*$`)
const EXACT = new RegExp(`^(?:(?:the|my|our|la|le|l'|ma|mon|notre)\\s*)?(?:sphere\\s+(?:de\\s+|du\\s+|of\\s+)?(?:la\\s+|l'|the\\s+)?)?(${alternatives})(?:\\s+(?:sphere|space))?$`)

export type FoundPlace = { code: string; start: number }

/** A sphere named at the end of a folded text («… dans Entreprise», "… in my business sphere"), and where that begins. */
export function placeAtEnd(folded: string): FoundPlace | undefined {
  const from = Math.max(0, folded.length - 120)
  const found = PLACE.exec(folded.slice(from))
  const code = found?.[1] === undefined ? undefined : names.get(found[1])
  return found && code ? { code, start: from + found.index } : undefined
}

/** The sphere that a whole folded text names. */
export const sphereNamed = (folded: string): string | undefined => {
  const name = EXACT.exec(folded.trim().slice(0, 120))?.[1]
  return name === undefined ? undefined : names.get(name)
}
