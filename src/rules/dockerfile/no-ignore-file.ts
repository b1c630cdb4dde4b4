import { isLeftOut, isThere, wholeCopiesOf } from '../../build-context.js'
import { rule } from '../../rule.js'
import { sideOf } from '../../units.js'

export default rule({
  id: 'dockerfile/no-ignore-file',
  title: 'Nothing keeps local files out of the build',
  why: 'A build on a developer’s machine takes along what lies in the folder: packages for another system, local settings, yesterday’s results.',
  fix: 'Add a .dockerignore with .git, .env*, node_modules and whatever builds leave behind.',
  severity: 'note',
  topic: 'efficiency',
  preset: 'strict',
  over: 'repo',

  *check(repo) {
    for (const dockerfile of repo.dockerfiles) {
      if (sideOf(dockerfile.path)) continue
      for (const { source, ships, leaks, ignore, context } of wholeCopiesOf(repo, dockerfile)) {
        // What certainly comes along is unwanted-files-copied's matter.
        if (ships && leaks.length) continue
        const folder = context.folder ? `${context.folder}/` : ''
        if (ignore === 'none') {
          yield { at: source.at, message: `${folder || 'the whole folder'} is copied and has no .dockerignore` }
        } else if (isThere(repo, `${folder}package.json`) && isLeftOut(ignore, 'node_modules/x') === false) {
          const message = `${ignore.path} lets node_modules through: packages of the host replace those of the image`
          yield { at: source.at, message }
        }
      }
    }
  },

  bad: {
    Dockerfile: `FROM golang:1.25.4@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
WORKDIR /src
COPY . .
RUN go build -o /app .

FROM gcr.io/distroless/static-debian12:nonroot@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --from=build /app /app
ENTRYPOINT ["/app"]
`
  },
  good: {
    Dockerfile: `FROM golang:1.26.4@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
WORKDIR /src
COPY . .
RUN go build -o /app .

FROM gcr.io/distroless/static-debian12:nonroot@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --from=build /app /app
HEALTHCHECK NONE
ENTRYPOINT ["/app"]
`,
    '.dockerignore': `.git
`
  }
})
