import { guardedBranch, WHOLE } from '../../branch-settings.js'
import type { Job } from '../../model.js'
import { mapOf, scalarOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/required-deployment-never-made',
  title: 'Required deployment is one that no pull request makes',
  why: 'A pull request waits for a deployment to the environment that nothing starts, and is never merged.',
  fix: 'Let a job that pull requests start deploy to the environment, or drop it from the ruleset.',
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const branch = guardedBranch(repo)
    if (!branch?.environments.length) return
    const jobs = repo.pipeline.jobs.filter(({ onPullRequest }) => onPullRequest !== 'no')
    const names = jobs.map(({ job }) => environmentOf(job))
    const closed = jobs.find(({ unread }) => unread.length)
    const computed = names.some(name => name?.includes('${{'))
    for (const environment of branch.environments) {
      if (names.includes(environment)) continue
      const what = `whether pull requests deploy to ${environment}`
      if (computed) yield { what, reason: 'a job computes the name of its environment' }
      else if (closed) yield { what, reason: `${closed.unread[0]!.what}: ${closed.unread[0]!.reason}` }
      else if (repo.pipeline.external.length) yield { what, reason: `${repo.pipeline.external[0]!.name} may` }
      else
        yield {
          at: WHOLE,
          message: `a deployment to ${environment} is required, and no job that a pull request starts has this environment`,
          key: `deployment ${environment}`
        }
    }
  },

  bad: {
    head: {
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx jest\n'
    },
    branch: { name: 'main', protected: true, environments: ['staging'] }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, environments: [] }
  }
})

function environmentOf({ environment }: Job): string | undefined {
  return (scalarOf(environment) ?? scalarOf(mapOf(environment)?.get('name')))?.value
}
