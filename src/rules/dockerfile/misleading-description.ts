import type { Dockerfile } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/misleading-description',
  title: 'Description of a stage or argument does not begin with its name',
  why: 'docker build --call=outline and targets show the comment above a stage or argument as its description only when it begins with the name.',
  fix: 'Begin the comment with the name, or put an empty line below it.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  over: 'dockerfile',
  mentions: ['arg', 'as'],
  peers: { buildkit: 'InvalidDefinitionDescription' },

  *check(dockerfile) {
    // Docker looks at descriptions only where the file asks for the experiment.
    const peers = asksForIt(dockerfile) ? {} : { peers: {} }
    for (const { keyword, comments, args, pairs } of dockerfile.instructions) {
      const stage = keyword === 'FROM' && args[1]?.value.toLowerCase() === 'as' ? args[2] : undefined
      const texts = keyword === 'ARG' ? pairs.map(pair => pair.name) : stage ? [stage] : []
      const [first] = texts
      // An empty comment parts what is above it from the description.
      const lines = comments.slice(comments.findLastIndex(({ text }) => text === '') + 1)
      if (!first || !lines.length) continue
      const names = new Set(texts.map(text => text.value))
      if (lines.some(({ text }) => names.has(text.split(/\s/, 1)[0]!))) continue
      const message = `the comment above is taken for its description and does not begin with ${first.value.slice(0, 80)}`
      yield { at: first.at, message, ...peers }
    }
  },

  bad: {
    Dockerfile: `# where the program is compiled
FROM acme/compiler:3.1.0@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
COPY report.c .
RUN cc -o /report report.c

FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --from=build /report /usr/local/bin/report
USER 65532
ENTRYPOINT ["report"]
`
  },
  good: {
    Dockerfile: `# build is where the program is compiled
FROM acme/compiler:3.1.0@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
WORKDIR /src
COPY report.c .
RUN cc -o /report report.c

FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --from=build /report /usr/local/bin/report
USER 65532
HEALTHCHECK NONE
ENTRYPOINT ["report"]
`,
    '.dockerignore': `.git
`
  }
})

const asksForIt = ({ directives }: Dockerfile): boolean =>
  directives.some(
    ({ name, value }) =>
      name === 'check' && /experimental\s*=[^;]*(InvalidDefinitionDescription|all)/i.test(value.value)
  )
