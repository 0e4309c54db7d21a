import type { Language } from '../../../platform/text.ts'
import { hasField, type PlannerTool } from './planner-tool.ts'

const SENTENCES: Record<string, { en: (noun: string) => string; fr: (noun: string) => string }> = {
  create: { en: (noun) => `create ${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun} “…”`, fr: (noun) => `crée : ${noun} « … »` },
  delete: { en: (noun) => `delete the ${noun} “…”`, fr: (noun) => `supprime : ${noun} « … »` },
  update: { en: (noun) => `rename the ${noun} “…” to “…”`, fr: (noun) => `renomme : ${noun} « … » en « … »` },
  complete: { en: (noun) => `complete the ${noun} “…”`, fr: (noun) => `termine : ${noun} « … »` },
  archive: { en: (noun) => `archive the ${noun} “…”`, fr: (noun) => `archive : ${noun} « … »` },
  reopen: { en: (noun) => `reopen the ${noun} “…”`, fr: (noun) => `rouvre : ${noun} « … »` },
  search: { en: (noun) => `show my ${noun}s about …`, fr: (noun) => `montre-moi : ${noun} sur …` },
  post: { en: (noun) => `write in the ${noun} “…”: …`, fr: (noun) => `écris dans le ${noun} « … » : …` },
  send: { en: () => 'send a message to …: …', fr: () => 'envoie un message à … : …' },
  transfer: { en: () => 'move the note “…” to Business', fr: () => 'déplace la note « … » dans Entreprise' },
  order: { en: () => 'pay €12.50 to …', fr: () => 'paie 12,50 € à …' },
}

/** One line a tool that the grammar can reach, each an example of what to say. */
export const describeAbilities = (tools: PlannerTool[], language: Language): string => tools.toSorted((a, b) => Number(hasField(b, 'sphere_id')) - Number(hasField(a, 'sphere_id'))).flatMap((tool) => {
  const sentence = SENTENCES[tool.verb]
  const noun = tool.nouns[language][0] ?? tool.object
  return sentence ? [`- ${sentence[language](noun)}`] : []
}).join('\n')
