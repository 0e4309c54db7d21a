import { page, toPage } from '../../platform/http/page.ts'
import { read, type Route } from '../../platform/http/route.ts'
import { ListSpheres, Sphere, SphereKey } from './contract.ts'
import { describeSphere } from './describe-sphere.ts'
import { getSphere } from './get-sphere.ts'
import { spheres } from './sphere-list.ts'

export const routes: Route[] = [
  read('GET /spheres', {
    summary: 'List the nine spheres, or all fifteen with include=expansion', input: ListSpheres, output: page(Sphere),
    run: async ({ platform: { cursors }, language }, { limit, cursor, include }) => {
      const after = Number(cursors.decode(cursor) ?? 0)
      const rows = spheres.filter(({ id, core }) => id > after && (core || include === 'expansion'))
      return toPage(rows, { limit, cursors, keyOf: ({ id }) => String(id), present: (sphere) => describeSphere(sphere, language) })
    },
  }),
  read('GET /spheres/:sphere', {
    summary: 'Get a sphere by id, code or name', input: SphereKey, output: Sphere, problems: ['not_found'],
    run: async ({ language }, { sphere }) => describeSphere(getSphere(sphere), language),
  }),
]
