import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/pipeline/deploy-on-pull-request.js'
import { problems } from '../../helpers.js'

const ci = (step: string, keys = '', on = 'pull_request', id = 'ship') => ({
  '.github/workflows/ci.yml': `on: ${on}\njobs:\n  ${id}:\n    runs-on: x\n${keys}    steps:\n      - ${step}\n`
})
const run = (command: string) => `run: ${command}`
const image = (inputs: string) => `uses: docker/build-push-action@v6\n        with: { push: true, ${inputs} }`

test.each([
  ['a package', ci(run('npm publish')), 1],
  ['a package on pushes', ci(run('npm publish'), '', '{push: {branches: [main]}}'), 0],
  ['a package on merged pull requests', ci(run('npm publish'), '', '{pull_request: {types: [closed]}}'), 0],
  ['a package as seen from the target branch', ci(run('npm publish'), '', 'pull_request_target'), 1],
  ['a dry run', ci(run('npm publish --dry-run')), 0],
  ['a snapshot', ci(run('npm publish --tag canary')), 0],
  ['by a name alone', ci(run('./publish')), 0],
  ['a job of pushes', ci(run('npm publish'), "    if: github.event_name == 'push'\n", '[push, pull_request]'), 0],
  ['a job of the repository', ci(run('npm publish'), "    if: github.repository == 'a/b'\n"), 1],
  [
    'a job of a label',
    ci(run('npm publish'), "    if: contains(github.event.pull_request.labels.*.name, 'ship')\n"),
    0
  ],
  [
    'a job of one branch',
    ci(run('npm publish'), "    if: github.ref == 'refs/heads/main'\n", '[push, pull_request]'),
    0
  ],
  ['a job that an output decides', ci(run('npm publish'), '    if: needs.a.outputs.go\n'), 0],
  [
    'a step of pushes',
    ci("if: github.event_name != 'pull_request'\n        run: npm publish", '', '[push, pull_request]'),
    0
  ],
  ['a script that looks for itself', ci(run('if [ "$GITHUB_REF" = refs/heads/main ]; then npm publish; fi')), 0],
  ['an image by its name', ci(image('tags: "acme/shop:latest"')), 1],
  ['an image by its commit', ci(image('tags: "acme/shop:${{ github.sha }}"')), 0],
  ['an image by names made elsewhere', ci(image('tags: "${{ steps.meta.outputs.tags }}"')), 0],
  ['an image pushed by hand', ci(run('docker push acme/shop:latest')), 1],
  ['an image on the runner', ci(run('docker push localhost:5000/shop:latest')), 0],
  ['a deploy', ci(run('kubectl apply -f deploy')), 1],
  ['a deploy to a cluster of its own', ci('run: kind create cluster\n      - run: kubectl apply -f deploy'), 0],
  ['a deploy to a preview', ci(run('kubectl apply -f deploy'), '    environment: preview\n'), 0],
  ['a deploy to production', ci(run('kubectl apply -f deploy'), '    environment: production\n'), 1],
  ['a deploy for review', ci(run('kubectl apply -f deploy'), '', 'pull_request', 'review-app'), 0],
  ['a deploy to staging', ci(run('kubectl apply -f deploy'), '', 'pull_request', 'deploy-staging'), 0],
  ['behind a wrapper', { ...ci(run('make a')), Makefile: 'a:\n\tnpm publish\n' }, 1],
  ['behind two, with what they may ask', { ...ci(run('make b')), Makefile: 'a:\n\tnpm publish\nb:\n\tmake a\n' }, 0],
  ['a site', ci('uses: amondnet/vercel-action@v25'), 0],
  ['a site in production', ci('uses: amondnet/vercel-action@v25\n        with: { vercel-args: --prod }'), 1]
])('%s', async (_, files, count) => expect(await problems(rule, files)).toHaveLength(count))

test('says which event and what', async () =>
  expect(await problems(rule, ci(run('npm publish')))).toEqual([
    '.github/workflows/ci.yml:6:14 pull_request starts job ship, which publishes (`npm publish`) before anything is merged'
  ]))
