import { expect, test } from '@jest/globals'
import tests from '../../../src/rules/dockerfile/tests-in-unbuilt-stage.js'
import unused from '../../../src/rules/dockerfile/unused-stage.js'
import { places, problems, unreads, workflow } from '../../helpers.js'

const Dockerfile = `FROM golang:1.26 AS build
COPY . .
RUN go build -o /app
FROM build AS test
RUN go test ./...
FROM scratch
COPY --from=build /app /app
`

test('a stage that nothing needs is not built, and neither are its tests', async () => {
  expect(await problems(unused, { Dockerfile })).toEqual([
    'Dockerfile:4:15 the last stage (line 6) needs nothing of stage test, and no build has it for target'
  ])
  expect(await problems(tests, { Dockerfile })).toEqual([
    'Dockerfile:5:5 go does not run: no build here makes stage test, and the last stage needs nothing of it'
  ])
})

test.each([
  ['a command', workflow('- run: docker build --target test .')],
  ['a command with an equals sign', workflow('- run: docker buildx build --target=Test .')],
  ['an action', workflow('- uses: docker/build-push-action@v6\n  with:\n    target: test')],
  [
    'a matrix',
    workflow(
      '- run: docker build --target ${{ matrix.stage }} .',
      '    strategy:\n      matrix:\n        stage: [test, lint]\n'
    )
  ],
  ['a variable', workflow('- run: ./build\n  env:\n    TARGET: test')],
  ['a script that is given it', workflow('- run: ./scripts/build.sh test')],
  ['compose', { 'compose.yaml': 'services:\n  sut:\n    build:\n      context: .\n      target: test\n' }],
  ['make', { Makefile: 'check:\n\tdocker build --target test .\n' }]
])('%s builds it', async (_, files) => {
  expect(await places(unused, { Dockerfile, ...files })).toEqual([])
  expect(await places(tests, { Dockerfile, ...files })).toEqual([])
})

test.each([
  ['another target', workflow('- run: docker build --target build .')],
  ['the name in another place', workflow('- run: go test ./...\n  name: test')]
])('%s does not build it', async (_, files) => expect(await places(tests, { Dockerfile, ...files })).toEqual(['5:5']))

test.each([
  ['a computed target', workflow('- run: docker build --target "$STAGE" .')],
  [
    'a computed matrix',
    workflow(
      '- run: docker build --target ${{ matrix.stage }} .',
      '    strategy:\n      matrix: ${{ fromJSON(needs.x.outputs.y) }}\n'
    )
  ],
  ['a bake file', { 'docker-bake.hcl': 'target "x" {}' }]
])('%s may build it', async (_, files) => {
  expect(await places(tests, { Dockerfile, ...files })).toEqual([])
  expect(await unreads(tests, { Dockerfile, ...files })).toHaveLength(1)
})

test.each([
  ['the last stage copies from it', 'FROM a:1 AS x\nFROM b:1\nCOPY --from=x /y /z', []],
  ['the last stage mounts it', 'FROM a:1 AS x\nFROM b:1\nRUN --mount=from=x,target=/y z', []],
  ['its number is named', 'FROM a:1\nFROM b:1\nCOPY --from=0 /y /z', []],
  ['another unused stage needs it', 'FROM a:1 AS x\nFROM x AS y\nFROM b:1', ['2:11']],
  ['a variable chooses', 'FROM a:1 AS x-arm64\nFROM b:1 AS x-amd64\nFROM x-$TARGETARCH', []],
  ['a default chooses', 'ARG K=one\nFROM a:1 AS x-one\nFROM b:1 AS x-two\nFROM x-$K', []],
  ['a variable chooses among others', 'FROM a:1 AS y-arm64\nFROM b:1 AS x-amd64\nFROM x-$TARGETARCH', ['1:13']],
  ['it has no name', 'FROM a:1\nFROM b:1', ['1:6']],
  ['there is one stage', 'FROM a:1', []]
])('a stage and what uses it: %s', async (_, text, expected) =>
  expect(await places(unused, { Dockerfile: text })).toEqual(expected)
)

test.each([
  ['a command that is no test', 'RUN go vet ./...'],
  ['a test that the container would run', 'CMD ["go", "test", "./..."]']
])('%s is none', async (_, line) =>
  expect(await places(tests, { Dockerfile: Dockerfile.replace('RUN go test ./...', line) })).toEqual([])
)
