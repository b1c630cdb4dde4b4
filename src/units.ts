import type { Pipeline, Repo, Unit } from './model.js'

/** What is deployed and runs, and whether anything would notice that it is ill. */
export function deriveUnits(_repo: Omit<Repo, 'pipeline' | 'units'>, _pipeline: Pipeline): Unit[] {
  return []
}
