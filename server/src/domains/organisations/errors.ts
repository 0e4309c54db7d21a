import type { Problem } from '../../platform/errors.ts'
import { Conflict, Forbidden, Gone, NotFound } from '../../platform/problems.ts'

export const RoleLacking = (): Problem => Forbidden({ en: 'Your role in this organisation does not allow that.', fr: 'Votre rôle dans cette organisation ne le permet pas.' })

export const LastOwner = (): Problem => Conflict({ en: 'An organisation keeps at least one owner. Make somebody else one first.', fr: 'Une organisation garde au moins un propriétaire. Désignez-en d’abord un autre.' })

export const NoSuchMember = (): Problem => NotFound({ en: 'Nobody of that id is a member of this organisation.', fr: 'Aucun membre de cette organisation n’a cet identifiant.' })

export const AuditorsDoNotWork = (): Problem => Conflict({ en: 'An auditor reads the record and works with no identity of the organisation.', fr: 'Un auditeur lit le registre et ne travaille avec aucune identité de l’organisation.' })

export const TooMany = (limit: number, what: { en: string; fr: string }): Problem => Conflict({ en: `There are ${limit} ${what.en} already, the most that there may be.`, fr: `Il y a déjà ${limit} ${what.fr}, le maximum.` })

export const InvitationOver = (): Problem => Gone({ en: 'This invitation was accepted or revoked, or has expired.', fr: 'Cette invitation a été acceptée, révoquée ou a expiré.' })

export const InvitationOut = (): Problem => Conflict({ en: 'The token of this invitation is out already, by e-mail or shown once. Revoke it and invite again.', fr: 'Le jeton de cette invitation est déjà parti, par e-mail ou affiché une fois. Révoquez-la et invitez de nouveau.' })

export const InvitedByMail = (): Problem => Conflict({ en: 'This invitation leaves by e-mail.', fr: 'Cette invitation part par e-mail.' })

export const SomebodyElseInvited = (): Problem => Forbidden({ en: 'This invitation is for another e-mail address than yours.', fr: 'Cette invitation est destinée à une autre adresse e-mail que la vôtre.' })

export const MemberAlready = (): Problem => Conflict({ en: 'You are a member of this organisation already.', fr: 'Vous êtes déjà membre de cette organisation.' })

export const UnknownInvitation = (): Problem => NotFound({ en: 'No invitation has this token.', fr: 'Aucune invitation n’a ce jeton.' })
