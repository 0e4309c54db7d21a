import { defineProblem } from '../../platform/errors.ts'

export const ThreadArchived = defineProblem({
  code: 'thread_archived', status: 409,
  title: { en: 'Archived thread', fr: 'Fil archivé' },
  detail: () => ({ en: 'That thread is archived. Reopen it first.', fr: 'Ce fil est archivé. Rouvrez-le d’abord.' }),
})

export const ThreadImmutable = defineProblem({
  code: 'thread_immutable', status: 403,
  title: { en: 'The past stays', fr: 'Le passé demeure' },
  detail: () => ({
    en: 'What a thread has recorded is never changed or removed. Post a correction.',
    fr: 'Ce qu’un fil a consigné n’est jamais modifié ni retiré. Publiez une correction.',
  }),
})
