import { isSecretName, tokenIn, worthOf } from '../../data/secrets.js'
import type { Dockerfile, Instruction, Peers, Problem, Repo, Stage, Text, Variable } from '../../model.js'
import { rule } from '../../rule.js'
import { chainOf } from '../../stages.js'
import { sideOf } from '../../units.js'

export default rule({
  id: 'dockerfile/secret-in-image',
  title: 'Secret is built into an image',
  why: 'Whoever can pull the image or read this file has the secret: variables stay in its configuration, files in its layers, even when a later instruction removes them.',
  fix: 'Change the secret, then hand it over when it is needed: RUN --mount=type=secret while building, a variable or file of the platform while running.',
  severity: 'error',
  topic: 'security',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const committed = new Set(repo.paths.map(path => path.slice(path.lastIndexOf('/') + 1)))
    for (const dockerfile of repo.dockerfiles) {
      const shipped = shippedOf(repo, dockerfile)
      for (const written of dockerfile.instructions) {
        const instruction = written.onbuild ?? written
        const ships = written.stage !== undefined && shipped.has(written.stage)
        yield* byValue(instruction)
        if (ships && !sideOf(dockerfile.path)) yield* byName(instruction)
        if (ships) yield* byFile(instruction, committed)
      }
    }
  },

  bad: {
    Dockerfile: `FROM python:3.13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --chown=nobody app.py /app/
ENV DB_PASSWORD=9mQ2vLs7Rk4tXw
USER nobody
CMD ["python", "/app/app.py"]
`
  },
  good: {
    Dockerfile: `FROM python:3.13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --chown=nobody app.py /app/
ENV DB_PASSWORD_FILE=/run/secrets/db-password
USER nobody
HEALTHCHECK NONE
CMD ["python", "/app/app.py"]
`,
    '.dockerignore': `.git
.env*
`
  }
})

/** The stages whose layers are in an image that somebody builds: the last, those that builds target, and their parents. */
function shippedOf(repo: Repo, { path, stages }: Dockerfile): Set<Stage> {
  const lines = new Set(
    repo.units.filter(({ kind, at }) => kind === 'image' && at.path === path).map(({ at }) => at.line)
  )
  const built = stages.filter((stage, index) => index === stages.length - 1 || lines.has(stage.from.at.line))
  return new Set(built.flatMap(chainOf))
}

const peersOf = (): Peers => ({
  buildkit: 'SecretsUsedInArgOrEnv',
  hadolint: 'DL3064',
  'trivy-docker': 'DS-0031'
})

/** Tokens that tell what they are. They are given away in any stage: the file itself is read by more than the build. */
function* byValue(instruction: Instruction): Iterable<Problem> {
  const { keyword, pairs, body, heredocs } = instruction
  if (pairs.length) {
    for (const pair of pairs) {
      const token = pair.value && tokenIn(pair.value.value)
      if (!pair.value || !token) continue
      const peers = keyword !== 'LABEL' && isSecretName(pair.name.value) ? { peers: peersOf() } : {}
      yield { ...tokenAt(pair.value, token), message: `${keyword} ${pair.name.value} holds a ${token.kind}`, ...peers }
    }
    return
  }
  if (keyword === 'FROM') return
  for (const text of [body, ...heredocs.map(heredoc => heredoc.body)]) {
    const token = tokenIn(text.value)
    if (token) yield { ...tokenAt(text, token), message: `${keyword} holds a ${token.kind}` }
  }
}

const tokenAt = (text: Text, { from, to }: { from: number; to: number }) => ({ at: text.part(from, to) })

/** A literal under a secret's name, in what the image keeps: ENV, and ARG in its history. */
function* byName({ keyword, pairs }: Instruction): Iterable<Problem> {
  if (keyword !== 'ENV' && keyword !== 'ARG') return
  for (const pair of pairs) {
    const problem = problemOf(keyword, pair)
    if (problem) yield problem
  }
}

function problemOf(keyword: string, { name, value }: Variable): Problem | undefined {
  if (!value || !isSecretName(name.value) || tokenIn(value.value)) return undefined
  const worth = worthOf(value.value)
  if (worth === 'nothing') return undefined
  const kept = keyword === 'ENV' ? 'stays in the image' : 'stays in the history of the image'
  if (worth === 'secret') return { at: value.at, message: `the value of ${name.value} ${kept}`, peers: peersOf() }
  const message = `${name.value} has a default that anybody guesses, and it ${kept}`
  return { at: value.at, message, severity: 'warning', peers: peersOf() }
}

/** Private keys, and files that hold logins unless they are committed and so no secret. */
function* byFile({ keyword, args, flags, heredocs }: Instruction, committed: Set<string>): Iterable<Problem> {
  if ((keyword !== 'COPY' && keyword !== 'ADD') || heredocs.length || flags.some(flag => flag.name === 'from')) return
  for (const source of args.slice(0, -1)) {
    const name = source.value.replace(/["']/g, '').split('/').pop()!
    const isKey = KEYS.test(name)
    if (!isKey && (!LOGINS.test(name) || committed.has(name))) continue
    const what = isKey ? 'a private key' : 'a file for logins'
    yield {
      at: source.at,
      message: `${name} is ${what}: it stays in a layer of the image even when it is removed later`
    }
  }
}

const KEYS = /^(id_(rsa|dsa|ecdsa|ed25519)|private[-_.]?key(\.pem)?|privkey\.pem)$/i
const LOGINS =
  /^(\.npmrc|\.netrc|_netrc|\.pypirc|\.git-credentials|\.dockercfg|\.env(\.(local|prod|production|staging|secrets?))?)$/i
