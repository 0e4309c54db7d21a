import { defineEvent } from '../../platform/events/emit.ts'

const channels = (): string[] => []

// Heard on the channel of the user, which every event of a user has.
export const UserRegistered = defineEvent<{ user_id: string }>({ name: 'user.registered', channels })
export const UserLoggedIn = defineEvent<{ session_id: string }>({ name: 'user.login', channels })
export const UserLoggedOut = defineEvent<{ session_id: string }>({ name: 'user.logout', channels })
/** `session_id` null: by a mailed link, in no session. */
export const PasswordChanged = defineEvent<{ session_id: string | null }>({ name: 'user.password_changed', channels })
export const IdentitySwitched = defineEvent<{ session_id: string; identity_id: string }>({ name: 'identity.switched', channels })

/** The live sockets of that session close when they hear it. */
export const SessionRevoked = defineEvent<{ session_id: string; because: string }>({ name: 'session.revoked', channels })
export const IdentityErased = defineEvent<{ identity_id: string }>({ name: 'identity.erased', channels })

export const ProviderLinked = defineEvent<{ provider: string }>({ name: 'user.provider_linked', channels })
export const ProviderUnlinked = defineEvent<{ link_id: string }>({ name: 'user.provider_unlinked', channels })
