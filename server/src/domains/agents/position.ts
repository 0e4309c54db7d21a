/** A point of the swarm; each member lies in −1…1. */
export type Point = { x: number; y: number; z: number }

const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5))
// Fifteen centres stay 0.57 apart, so that no two clusters of this radius touch, and all of it lies within 1.
const CENTRES_RADIUS = 0.72
const CLUSTER_RADIUS = 0.26

/** The `index`-th of `count` points that a golden spiral spreads evenly over a sphere of radius 1. */
function onSpiral(index: number, count: number): Point {
  const z = 1 - (2 * index + 1) / count
  const radius = Math.sqrt(1 - z * z)
  const angle = index * GOLDEN_ANGLE
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), z }
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6

/**
 * Where an agent stands in the swarm: each sphere is a cluster, the clusters lie on a golden spiral, and so do the agents
 * of one cluster around its centre. The same catalogue gives the same swarm at every start.
 */
export function positionOf(given: { cluster: number; clusters: number; index: number; count: number }): Point {
  const centre = onSpiral(given.cluster, given.clusters)
  const within = onSpiral(given.index, given.count)
  const place = (axis: keyof Point): number => rounded(CENTRES_RADIUS * centre[axis] + CLUSTER_RADIUS * within[axis])
  return { x: place('x'), y: place('y'), z: place('z') }
}
