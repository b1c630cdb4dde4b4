import { expect, test } from '@jest/globals'
import metadata from '../../../src/rules/action/invalid-metadata.js'
import missing from '../../../src/rules/action/missing-file.js'
import retired from '../../../src/rules/action/retired-runtime.js'
import local from '../../../src/rules/workflow/broken-local-action.js'
import { places, problems } from '../../helpers.js'

const action = (runs: string) => `name: a\ndescription: b\nruns:\n${runs.replace(/^/gm, '  ')}\n`

test.each([
  ['a script that is there', { 'a/action.yml': action('using: node24\nmain: x/y.js'), 'a/x/y.js': '' }, []],
  ['a script elsewhere', { 'a/action.yml': action('using: node24\nmain: x/y.js'), 'x/y.js': '' }, ['5:9']],
  ['a script above', { 'a/action.yml': action('using: node24\nmain: ../x/y.js'), 'x/y.js': '' }, []],
  [
    'a script before and after',
    { 'action.yml': action('using: node24\nmain: y.js\npre: p.js\npost: y.js'), 'y.js': '' },
    ['6:8']
  ],
  ['an image that is built', { 'action.yml': action('using: docker\nimage: Dockerfile'), Dockerfile: 'FROM x\n' }, []],
  ['a Dockerfile that is not there', { 'action.yml': action('using: docker\nimage: Dockerfile') }, ['5:10']],
  [
    'a Dockerfile by another name',
    { 'action.yml': action('using: docker\nimage: Imagefile'), Imagefile: 'FROM x\n' },
    ['5:10']
  ],
  ['a named image', { 'action.yml': action('using: docker\nimage: docker://alpine:3.22') }, []],
  ['a named image without its scheme', { 'action.yml': action('using: docker\nimage: ghcr.io/a/b') }, []],
  ['a script in the image', { 'action.yml': action('using: docker\nimage: docker://a\nentrypoint: /run.sh') }, []],
  ['steps', { 'action.yml': action('using: composite\nsteps: []') }, []]
])('looks for %s', async (_, files, expected) =>
  expect(await places(missing, files as Record<string, string>)).toEqual(expected)
)

test.each([
  ['node12', 1],
  ['node16', 1],
  ['node20', 0],
  ['node24', 0],
  ['docker', 0]
])('using %s', async (using, count) =>
  expect(await places(retired, { 'action.yml': action(`using: ${using}\nmain: a.js`) })).toHaveLength(count)
)

test('says what breaks an action in its own file', async () =>
  expect(await problems(metadata, { 'action.yml': action('using: composite\nsteps:\n  - run: a') })).toEqual([
    'action.yml:6:7 a step has no shell'
  ]))

test('says it once a workflow where the action is used', async () => {
  const uses = (path: string) => `      - uses: ${path}\n`
  const workflow = `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n${uses('./x')}${uses('./x')}${uses('./y')}`
  const files = {
    '.github/workflows/a.yml': workflow,
    'x/action.yml': action('using: node16\nmain: x.js'),
    'y/action.yml': action('using: composite\nsteps:\n  - uses: a/b@c'),
    'z/action.yml': action('using: node16\nmain: x.js')
  }
  expect(await problems(local, files)).toEqual([
    '.github/workflows/a.yml:6:15 x/action.yml:5 main is x/x.js, which is not in the repository',
    '.github/workflows/a.yml:6:15 x/action.yml:4 runners no longer have node16'
  ])
})
