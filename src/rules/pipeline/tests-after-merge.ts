import { requiredTest } from '../../examples.js'
import type { PipelineJob } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pipeline/tests-after-merge',
  title: 'Tests run after the merge only',
  why: 'What they find is in the branch already, and the next pull requests are built upon it.',
  fix: 'Start them for pull requests too, or for the merge queue where they take long.',
  severity: 'note',
  topic: 'tests',
  preset: 'strict',
  over: 'repo',

  *check(repo) {
    const { jobs } = repo.pipeline
    const isBefore = ({ starts, events }: PipelineJob) => starts !== 'no' || events.includes('merge_group')
    const before = new Set(jobs.filter(isBefore).flatMap(({ tests }) => tests.map(({ command }) => command)))
    // Where nothing is tested before the merge, that is what has to be said.
    if (!before.size) return
    const told = new Set<string>()
    for (const job of jobs) {
      if (isBefore(job) || !job.events.includes('push') || job.callers.length) continue
      const [late] = job.tests.filter(
        ({ command, ignored, level }) => !before.has(command) && !ignored && level !== 'load'
      )
      if (!late || told.has(late.command)) continue
      told.add(late.command)
      const message = `job ${job.job.id.value} runs \`${late.command}\` after the merge only (${job.events.join(', ')})`
      yield { at: late.at, message }
    }
  },

  bad: {
    '.github/workflows/ci.yml':
      'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx jest\n',
    '.github/workflows/e2e.yml':
      'on: { push: { branches: [main] } }\njobs:\n  e2e:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx playwright test\n'
  },
  good: requiredTest
})
