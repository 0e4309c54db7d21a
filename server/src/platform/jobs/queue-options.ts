/**
 * What the installer and the server must agree on. Off are the parts that need the rights of the owner: rebuilding
 * indexes, and statistics kept in a partition a day. The vacuum check reads other sessions, which this role may not see.
 */
export const queueOptions = { schema: 'pgboss', reindex: false, monitorVacuum: false, persistQueueStats: false, persistWarnings: false } as const
