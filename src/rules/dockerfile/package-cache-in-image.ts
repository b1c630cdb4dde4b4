import { leftoversOf, shippedIn } from '../../package-caches.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/package-cache-in-image',
  title: 'Cache of a package manager stays in the image',
  why: 'Nothing reads it at run time, and everybody who pulls the image loads it. What a later RUN deletes stays in the layer below.',
  fix: 'Delete it in the RUN that fills it, have the manager keep none, or mount a cache: RUN --mount=type=cache,target=….',
  severity: 'note',
  topic: 'efficiency',
  preset: 'recommended',
  edits: 'safe',
  over: 'dockerfile',

  *check(dockerfile) {
    const isShipped = shippedIn(dockerfile)
    for (const { stage, at, message, peers, edits, suggested } of leftoversOf(dockerfile))
      if (isShipped(stage)) yield { at, message, peers, edits, ...(suggested && { suggested }) }
  },

  bad: {
    Dockerfile: `FROM python:3.14-slim@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
COPY requirements.txt .
RUN pip install -r requirements.txt
USER nobody
`
  },
  good: {
    Dockerfile: `FROM python:3.14-slim@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
WORKDIR /src
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
USER 65534
`,
    '.dockerignore': `.git
`
  }
})
