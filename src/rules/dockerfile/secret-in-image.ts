import { isSecretName, loginIn, tokenIn, worthOf } from '../../data/secrets.js'
import { copiedLoginsOf, copiedOf, givingOf, isForUse, peersOfName, shippedOf } from '../../image-secrets.js'
import type { Dockerfile, Instruction, Problem, Stage } from '../../model.js'
import { rule } from '../../rule.js'
import { type Acting, actingOf } from '../../stages.js'
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
    const committed = new Set(repo.paths.flatMap(path => [lastOf(path, 1), lastOf(path, 2)]))
    for (const dockerfile of repo.dockerfiles) {
      const shipped = shippedOf(repo, dockerfile)
      const isSide = !!sideOf(dockerfile.path)
      for (const acting of actingOf(dockerfile)) {
        const { instruction, written } = acting
        const { keyword } = instruction
        if (keyword === 'FROM') continue
        yield* byValue(acting, dockerfile, isSide)
        if (keyword === 'ENV' || keyword === 'ARG') {
          if (isForUse(acting, dockerfile, shipped)) yield* byName(acting, dockerfile)
        } else if (keyword === 'COPY' || keyword === 'ADD') {
          if (written.stage && shipped.has(written.stage)) yield* byFile(instruction, committed)
        } else if (instruction.script && !isSide) yield* byCommand(instruction)
      }
      yield* byVariable(dockerfile, shipped)
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
USER 65534
HEALTHCHECK NONE
CMD ["python", "/app/app.py"]
`,
    '.dockerignore': `.git
.env*
`
  }
})

/** Tokens that tell what they are. They are given away in any stage: the file itself is read by more than the build. */
function* byValue(acting: Acting, dockerfile: Dockerfile, isSide: boolean): Iterable<Problem> {
  const { keyword, pairs, body, heredocs } = acting.instruction
  for (const { name, value } of pairs) {
    // Tests and development have passwords that open nothing else.
    const found = value && (tokenIn(value.value) ?? (isSide ? undefined : loginIn(value.value)))
    if (!value || !found) continue
    const peers = keyword === 'LABEL' ? {} : { peers: peersOfName(name.value, acting, dockerfile) }
    const at = value.part(found.from, found.to)
    yield { at, message: `${keyword} ${name.value} holds a ${found.kind}`, ...peers }
  }
  if (pairs.length) return
  for (const text of [body, ...heredocs.map(heredoc => heredoc.body)]) {
    const token = tokenIn(text.value)
    if (token) {
      yield { at: text.part(token.from, token.to), message: `${keyword} holds a ${token.kind}` }
      return
    }
  }
}

/** Passwords among the words of a command: in an address, in a header, behind an option, under a secret's name. */
function* byCommand({ keyword, script }: Instruction): Iterable<Problem> {
  // A place costs more than all questions here, so it is asked for last.
  for (const { words, assignments } of script?.commands ?? []) {
    for (const each of assignments)
      if (isSecretName(each.name) && worthOf(each.value) === 'secret' && !tokenIn(each.value))
        yield { at: each.at, message: `${keyword} holds the value of ${each.name}` }
    let before = ''
    for (const word of words) {
      const { value, literal } = word
      const what = literal ? (loginIn(value)?.kind ?? behindOption(value, before)) : undefined
      if (what && !tokenIn(value)) yield { at: word.at, message: `${keyword} holds a ${what}` }
      before = value
    }
  }
}

/** `--password=…`, `--token …`, `-u name:…` of curl, and `NAME=…` of export. */
function behindOption(word: string, before: string): string | undefined {
  const equals = word.indexOf('=')
  if (equals < 0 && !/^-|_/.test(before)) return undefined
  const name = equals > 0 ? word.slice(0, equals) : before.startsWith('--') ? before : ''
  const value = word.slice(equals > 0 ? equals + 1 : 0)
  if (name && /^(--)?[A-Za-z][\w-]*$/.test(name) && isSecretName(name.replace(/^--/, '')))
    return worthOf(value) === 'secret' ? `value for ${name}` : undefined
  const setting = NPM_LOGIN.exec(name || before)?.[1]
  if (setting) return worthOf(value) === 'secret' ? `value for ${setting}` : undefined
  const colon = word.indexOf(':')
  if (!/^(-u|--user)$/.test(before) || colon < 1) return undefined
  return worthOf(word.slice(colon + 1)) === 'secret' ? 'password' : undefined
}

const NPM_LOGIN = /(?:^|:)(_authToken|_auth|_password)$/

/** A literal under a secret's name, in what the image keeps: ENV, and ARG in its history. */
function* byName(acting: Acting, dockerfile: Dockerfile): Iterable<Problem> {
  const { keyword, pairs } = acting.instruction
  for (const pair of pairs) {
    const { name, value } = pair
    const giving = givingOf(keyword, pair)
    if (!value || (giving !== 'secret' && giving !== 'guessable') || loginIn(value.value)) continue
    const kept = keyword === 'ENV' ? 'stays in the image' : 'stays in the history of the image'
    const peers = peersOfName(name.value, acting, dockerfile)
    if (giving === 'secret') yield { at: value.at, message: `the value of ${name.value} ${kept}`, peers }
    else {
      const message = `${name.value} has a default that anybody guesses, and it ${kept}`
      yield { at: value.at, message, severity: 'warning', peers }
    }
  }
}

/** Private keys, and files that hold logins unless they are committed and so no secret. */
function* byFile(instruction: Instruction, committed: Set<string>): Iterable<Problem> {
  for (const source of copiedOf(instruction)) {
    const [name = '', folder = ''] = source.value.replace(/["']/g, '').split('/').reverse()
    const isKey = KEYS.test(name)
    const known = FOLDERS.test(`${folder}/${name}`) ? `${folder}/${name}` : name
    if (!isKey && ((known === name && !LOGINS.test(name)) || committed.has(known))) continue
    const what = isKey ? 'a private key' : 'a file for logins'
    yield {
      at: source.at,
      message: `${known} is ${what}: it stays in a layer of the image even when it is removed later`
    }
  }
}

const KEYS = /^(id_(rsa|dsa|ecdsa|ed25519)|private[-_.]?key(\.pem)?|privkey\.pem)$/i
const LOGINS =
  /^(\.npmrc|\.netrc|_netrc|\.pypirc|\.git-credentials|\.dockercfg|\.pgpass|\.my\.cnf|\.vault-token|\.env(\.(local|prod|production|staging|secrets?))?)$/i
const FOLDERS = /^(\.aws\/credentials|\.docker\/config\.json|\.kube\/config)$/

/** Variables that name a file of logins: what was copied there is one, whatever it is called. */
function* byVariable(dockerfile: Dockerfile, shipped: Set<Stage>): Iterable<Problem> {
  for (const { acting, variable, source } of copiedLoginsOf(dockerfile, shipped)) {
    const { name, at } = variable
    const message = `${name.value} names a file for logins that is copied into the image at line ${source.at.line}`
    const last = acting.written.stage === dockerfile.stages.at(-1)
    const peers = { ...peersOfName(name.value, acting, dockerfile), ...(last && { 'trivy-docker': 'DS-0031' }) }
    yield { at, message, peers }
  }
}

/** The last parts of a path. */
const lastOf = (path: string, parts: number): string => path.split('/').slice(-parts).join('/')
