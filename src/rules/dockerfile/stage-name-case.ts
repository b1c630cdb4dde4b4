import type { Edit, Stage, Text } from '../../model.js'
import { rule } from '../../rule.js'
import { sourcesOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/stage-name-case',
  title: 'Name of a stage has capitals',
  why: 'Docker compares the names of stages in small letters: what looks like two names may be one.',
  fix: 'Write the name in small letters wherever it stands.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  edits: 'safe',
  over: 'dockerfile',
  mentions: ['as'],
  peers: { buildkit: 'StageNameCasing' },

  *check(dockerfile) {
    const named = dockerfile.stages.filter(({ name }) => name && name.value !== name.value.toLowerCase())
    if (!named.length) return
    const uses = new Map<string, Text[]>()
    const note = (text: Text) => {
      const key = text.value.toLowerCase()
      const texts = uses.get(key) ?? []
      texts.push(text)
      uses.set(key, texts)
    }
    for (const { image, parent } of dockerfile.stages) if (parent) note(image)
    for (const { name } of sourcesOf(dockerfile)) note(name)
    const edited = new Set<string>()
    for (const { name } of named as (Stage & { name: Text })[]) {
      const key = name.value.toLowerCase()
      const edits: Edit[] = [{ at: name.at, text: key }]
      // Of two stages with one name, the first takes the references along.
      for (const use of edited.has(key) ? [] : (uses.get(key) ?? []))
        if (use.value !== key) edits.push({ at: use.at, text: key })
      edited.add(key)
      yield { at: name.at, message: `${name.value} is ${key} to Docker`, edits }
    }
  },

  bad: {
    Dockerfile: `FROM acme/compiler:3.1.0@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS Build
COPY report.c .
RUN cc -o /report report.c

FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --from=Build /report /usr/local/bin/report
USER 65532
ENTRYPOINT ["report"]
`
  },
  good: {
    Dockerfile: `FROM acme/compiler:3.1.0@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
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
