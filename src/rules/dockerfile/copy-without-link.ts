import type { Dockerfile } from '../../model.js'
import { afterOf } from '../../query.js'
import { rule } from '../../rule.js'
import { bare, copyOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/copy-without-link',
  title: 'COPY --from could use --link',
  why: 'A linked layer stays valid when the layers below it change: a new base image needs no new copy.',
  fix: 'Add --link, unless the destination goes through a symbolic link.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  edits: 'suggested',
  over: 'dockerfile',
  mentions: ['syntax'],

  *check(dockerfile) {
    if (!hasLink(dockerfile)) return
    for (const instruction of dockerfile.instructions) {
      const { keyword, keywordAt, flags } = instruction
      const copy = keyword === 'COPY' ? copyOf(instruction) : undefined
      if (!copy?.from || flags.some(({ name }) => name === 'link')) continue
      if (!/^\/./.test(bare(copy.destination.value))) continue
      yield {
        at: keywordAt,
        message: 'the layer is built anew whenever one below it changes',
        edits: [{ at: afterOf(keywordAt), text: ' --link' }]
      }
    }
  },

  bad: {
    Dockerfile: `# syntax=docker/dockerfile:1
FROM golang:1.25.4@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
WORKDIR /src
COPY . .
RUN go build -o /app .

FROM gcr.io/distroless/static-debian12:nonroot@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --from=build /app /app
ENTRYPOINT ["/app"]
`
  },
  good: {
    Dockerfile: `# syntax=docker/dockerfile:1
FROM golang:1.26.4@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
WORKDIR /src
COPY . .
RUN go build -o /app .

FROM gcr.io/distroless/static-debian12:nonroot@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --link --from=build /app /app
HEALTHCHECK NONE
ENTRYPOINT ["/app"]
`,
    '.dockerignore': `.git
`
  }
})

/** The file asks for a syntax that has --link: docker/dockerfile 1, or 1.4 and later. */
const hasLink = ({ directives }: Dockerfile): boolean =>
  directives.some(
    ({ name, value }) =>
      name === 'syntax' &&
      /^(docker\.io\/)?docker\/dockerfile:(1|1\.([4-9]|[1-9]\d)(\.\d{1,3})?)(@|$)/.test(value.value)
  )
