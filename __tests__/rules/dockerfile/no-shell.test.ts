import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/no-shell.js'
import { problems, repoOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

test.each([
  ['CMD', 'CMD /app', ['2:1']],
  ['ENTRYPOINT, RUN and HEALTHCHECK', 'ENTRYPOINT /app\nRUN a\nHEALTHCHECK CMD b', ['2:1', '3:1', '4:1']],
  ['the JSON form', 'ENTRYPOINT ["/app"]\nHEALTHCHECK CMD ["/app", "health"]', []],
  ['a program copied to the root', 'COPY --from=b /go/bin/app /\nENTRYPOINT /app', ['3:1']],
  ['what the image starts copied to the root', 'COPY --from=b /src/app /\nENTRYPOINT /app', ['3:1']],
  ['files with extensions', 'COPY a.json b.crt /\nCMD /app', ['3:1']],
  ['a folder that is no folder of programs', 'COPY dist /srv/\nCMD /app', ['3:1']],
  ['a folder at the root', 'COPY --from=b /rootfs /\nCMD app', []],
  ['a folder at a root named by dots', 'COPY rootfs .\nCMD app', []],
  ['a computed target', 'COPY rootfs $TARGET\nCMD app', []],
  ['an archive', 'ADD rootfs.tar.xz /\nCMD app', []],
  ['an archive elsewhere', 'ADD app.tar.xz /srv\nCMD app', ['3:1']],
  ['a shell', 'COPY --from=b /bin/sh /bin/sh\nRUN a\nCMD app', []],
  ['busybox', 'COPY --from=b /bin/busybox /bin/\nCMD app', []],
  ['SHELL', 'SHELL ["/app", "-c"]\nCMD app', []],
  ['a program that may install one', 'RUN ["/busybox", "--install"]\nRUN a', []],
  ['a shell for one RUN', 'RUN --mount=from=busybox,target=/bin a\nCMD app', ['3:1']],
  ['broken JSON', "CMD ['app']", []]
])('%s', async (_, lines, places) => {
  const found = await problems(rule, { Dockerfile: `FROM scratch\n${lines}\n` })
  expect(found.map(line => line.split(' ')[0])).toEqual(places.map(place => `Dockerfile:${place}`))
})

test.each([
  ['distroless', 'gcr.io/distroless/nodejs22-debian12', 1],
  ['distroless with a shell', 'gcr.io/distroless/nodejs22-debian12:debug', 0],
  ['chainguard', 'cgr.dev/chainguard/python:latest', 1],
  ['chainguard with a shell', 'cgr.dev/chainguard/python:latest-dev', 0],
  ['chainguard that is known by its registry alone', 'cgr.dev/chainguard/jdk', 0],
  ['an image with a shell', 'alpine:3.22', 0],
  ['an unknown image', 'example.com/base', 0],
  ['a computed image', '$BASE', 0]
])('%s', async (_, image, count) => {
  expect(await problems(rule, { Dockerfile: `FROM ${image}\nCMD app\n` })).toHaveLength(count)
})

test('it follows the stages', async () => {
  const Dockerfile =
    'FROM scratch AS a\nFROM a AS b\nCMD x\nFROM alpine AS c\nCMD x\nFROM b\nCOPY --from=c / /\nCMD y\n'
  expect(await problems(rule, { Dockerfile })).toEqual([
    'Dockerfile:3:1 scratch has no shell: the container does not start'
  ])
})

test('it says what happens, and mends plain words', async () => {
  const Dockerfile =
    'FROM gcr.io/distroless/static:nonroot@sha256:12\nRUN a\nHEALTHCHECK CMD /app health\nCMD /app $X\n'
  const { found } = run([rule], await repoOf({ Dockerfile }), () => ({}))
  expect(found.map(({ problem }) => problem.message)).toEqual([
    'gcr.io/distroless/static:nonroot has no shell: the build fails here',
    'gcr.io/distroless/static:nonroot has no shell: the container never becomes healthy',
    'gcr.io/distroless/static:nonroot has no shell: the container does not start'
  ])
  const after = applied(
    Dockerfile,
    found.flatMap(({ problem }) => problem.edits ?? [])
  )
  expect(after).toBe(Dockerfile.replace('/app health', '["/app", "health"]'))
})
