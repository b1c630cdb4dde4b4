import { leftoversOf, shippedIn } from '../../package-caches.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/package-cache-in-stage',
  title: 'Cache of a package manager stays in a stage that is not shipped',
  why: 'It is in no image that anybody pulls, but in the build cache, where it takes room and is never used again.',
  fix: 'Delete it in the RUN that fills it, or better mount a cache, which also makes the next build faster.',
  severity: 'note',
  topic: 'efficiency',
  preset: 'all',
  edits: 'safe',
  over: 'dockerfile',

  *check(dockerfile) {
    const isShipped = shippedIn(dockerfile)
    for (const { stage, at, message, peers, edits, suggested } of leftoversOf(dockerfile))
      if (!isShipped(stage)) yield { at, message, peers, edits, ...(suggested && { suggested }) }
  },

  bad: {
    Dockerfile: `FROM alpine:3.22@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1 AS build
RUN apk add go=1.24.6-r0
COPY main.go .
RUN go build -o /app main.go

FROM scratch
COPY --from=build /app /app
USER 65532
ENTRYPOINT ["/app"]
`
  },
  good: {
    Dockerfile: `FROM alpine:3.22@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1 AS build
WORKDIR /src
RUN apk add --no-cache go=1.24.6-r0
COPY main.go .
RUN go build -o /app main.go

FROM scratch
COPY --from=build /app /app
USER 65532
HEALTHCHECK NONE
ENTRYPOINT ["/app"]
`,
    '.dockerignore': `.git
`
  }
})
