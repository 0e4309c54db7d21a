import { read, type Route } from '../../platform/http/route.ts'
import { getSphere } from '../spheres/get-sphere.ts'
import { Bureau, BureauKey, SectionKey, SectionPage } from './contract.ts'
import { openBureau } from './open-bureau.ts'
import { pageSection } from './page-section.ts'

export const routes: Route[] = [
  read('GET /spheres/:sphere/bureau', {
    summary: 'Open the bureau of a sphere: its six sections with counts and newest items, and the three hubs', input: BureauKey, output: Bureau, problems: ['not_found'],
    run: (ctx, { sphere }) => openBureau(ctx, getSphere(sphere)),
  }),
  read('GET /spheres/:sphere/bureau/:section', {
    summary: 'List a section of the bureau of a sphere', input: SectionKey, output: SectionPage, problems: ['not_found'],
    run: pageSection,
  }),
]
