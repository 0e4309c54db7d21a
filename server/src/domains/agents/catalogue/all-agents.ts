import { businessAgents } from './business.ts'
import type { CatalogueAgent } from './catalogue-agent.ts'
import { communityAgents } from './community.ts'
import { creativeStudioAgents } from './creative_studio.ts'
import { dashboardAgents } from './dashboard.ts'
import { entertainmentAgents } from './entertainment.ts'
import { environmentAgents } from './environment.ts'
import { governmentAgents } from './government.ts'
import { jeunesseAgents } from './jeunesse.ts'
import { myTeamAgents } from './my_team.ts'
import { personalAgents } from './personal.ts'
import { privacyAgents } from './privacy.ts'
import { scholarAgents } from './scholar.ts'
import { socialMediaAgents } from './social_media.ts'
import { societalAgents } from './societal.ts'
import { transportAgents } from './transport.ts'

/** All 350, by id of sphere and then by code: the 226 of the core, then the 124 of the expansion. */
export const allAgents: readonly CatalogueAgent[] = [
  ...personalAgents,
  ...businessAgents,
  ...governmentAgents,
  ...creativeStudioAgents,
  ...communityAgents,
  ...socialMediaAgents,
  ...entertainmentAgents,
  ...myTeamAgents,
  ...scholarAgents,
  ...transportAgents,
  ...societalAgents,
  ...environmentAgents,
  ...privacyAgents,
  ...jeunesseAgents,
  ...dashboardAgents,
]
