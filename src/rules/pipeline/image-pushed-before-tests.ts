import { deliveredService } from '../../examples.js'
import type { PipelineJob, TestRun, Work } from '../../model.js'
import { besides, deliveriesOf, keyOf, orderOf, placeOf, said, testsIn, waitedFor, waits } from '../../releases.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pipeline/image-pushed-before-tests',
  title: 'Image is published before it is tested',
  why: 'Whoever pulls the name gets the image while the tests still run, and keeps it when they fail.',
  fix: 'Test the image first, or push it under a name by its commit and give it its name when the tests have passed.',
  severity: 'warning',
  topic: 'gate',
  preset: 'strict',
  over: 'repo',

  *check(repo) {
    for (const { job, work } of deliveriesOf(repo)) {
      const image = work.find(isImage)
      if (!image || waitedFor(job, repo).some(one => testsIn(one).length)) continue
      const own = laterTest(job, image)
      if (own) {
        yield {
          at: image.at,
          message: `${said(image)} publishes the image before ${said(own)} tests it`,
          key: keyOf(job)
        }
        continue
      }
      if (job.released.tests.length || !isNamed(image)) continue
      const after = besides(job, repo).find(one => one.released.tests.length && waits(one, job, repo))
      if (!after) continue
      yield {
        at: image.at,
        message: `${said(image)} publishes the image before ${placeOf(after)} tests it`,
        key: keyOf(job)
      }
    }
  },

  bad: {
    Dockerfile: 'FROM scratch\nCOPY app /app\n',
    '.github/workflows/image.yml': `on:
  push:
    branches: [main]
jobs:
  image:
    runs-on: ubuntu-24.04
    steps:
      - run: docker build -t acme/shop:latest .
      - run: docker push acme/shop:latest
      - run: docker run acme/shop:latest npx jest
`
  },
  good: deliveredService
})

const isImage = ({ command }: Work): boolean =>
  /build-push-action|^(sudo )?(docker|podman|buildah|nerdctl) ((image )?push|manifest push|buildx build)\b/.test(
    command
  )

/** A test in a later step, or later in the same script, and none before the push. */
function laterTest(job: PipelineJob, image: Work): TestRun | undefined {
  const isLater = (test: TestRun) => {
    const steps = orderOf(job, test) - orderOf(job, image)
    return steps > 0 || (steps === 0 && test.at.line > image.at.line)
  }
  const tests = job.released.tests.filter(test => !test.ignored)
  return tests.every(isLater) ? tests[0] : undefined
}

/** A name that people use is among those pushed. */
const isNamed = ({ step, command }: Work): boolean =>
  /:(latest|stable|main|master|edge|nightly|v?\d)/.test(
    step.uses ? (step.with.find(field => field.name.value === 'tags')?.value.value ?? '') : command
  )
