type Subject = { name: string; effect: string }

/** Whether scopes cover an action: by its name, by `notes.*`, and for a READ by `notes.read` and `read`. */
export function covers(scopes: readonly string[], { name, effect }: Subject): boolean {
  const noun = name.slice(0, name.indexOf('.'))
  return scopes.includes(name) || scopes.includes(`${noun}.*`) || (effect === 'READ' && coversRead(scopes, noun))
}

/** Whether scopes cover reading what is called by this noun. */
export const coversRead = (scopes: readonly string[], noun: string): boolean => scopes.includes('read') || scopes.includes(`${noun}.read`) || scopes.includes(`${noun}.*`)

/** Nouns whose rows each lie in a sphere: what a key that is limited to spheres may work with. */
const IN_SPHERES = new Set(['notes', 'tasks', 'threads', 'nova', 'spheres', 'agents', 'bureau', 'records'])

export const livesInSpheres = (noun: string): boolean => IN_SPHERES.has(noun)
