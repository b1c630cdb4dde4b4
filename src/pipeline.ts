import type { Pipeline, Repo } from './model.js'

/** What the workflows of a repository add up to: jobs, the checks they report, what they run. */
export function derivePipeline(_repo: Omit<Repo, 'pipeline' | 'units'>): Pipeline {
  return { jobs: [], external: [] }
}
