import { read, write, type Route } from '../../platform/http/route.ts'
import { HubState } from './contract.ts'
import { findHubs } from './find-hubs.ts'
import { gotoContext } from './goto-context.ts'

export const routes: Route[] = [
  read('GET /hubs/state', {
    summary: 'Get the state of the three hubs: where this identity is', output: HubState,
    run: ({ tx, identityId, language }) => findHubs(tx, identityId, language),
  }),
  write('POST /hubs/navigation/goto', gotoContext, { problems: ['binned'] }),
]
