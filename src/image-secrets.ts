import { byObject } from './cache.js'
import { isAccountName, isSecretName, isWarnedName, tokenIn, worthOf } from './data/secrets.js'
import type { Dockerfile, Instruction, Peers, Repo, Stage, Text, Variable } from './model.js'
import { type Acting, actingOf, chainOf } from './stages.js'
import { sideOf } from './units.js'

/** The stages whose layers are in an image that somebody builds: the last, those that builds target, and their parents. */
export function shippedOf(repo: Repo, { path, stages }: Dockerfile): Set<Stage> {
  const lines = linesOf(repo).get(path)
  const built = stages.filter((stage, index) => index === stages.length - 1 || lines?.has(stage.from.at.line))
  return new Set(built.flatMap(chainOf))
}

/** Lines of the stages that somebody builds, by path. */
const linesOf = byObject((repo: Repo): Map<string, Set<number>> => {
  const found = new Map<string, Set<number>>()
  for (const { kind, at } of repo.units) {
    if (kind !== 'image') continue
    const before = found.get(at.path)
    if (before) before.add(at.line)
    else found.set(at.path, new Set([at.line]))
  }
  return found
})
/**
 * How a variable gives a secret away: by its value (a token that tells what it is, a secret, a default that anybody
 * guesses), or by waiting for one (`asked`: what a build gives it stays in the history; `kept`: ENV takes it over).
 */
type Giving = 'token' | 'secret' | 'guessable' | 'asked' | 'kept'

export function givingOf(keyword: string, { name, value }: Variable): Giving | undefined {
  if (value && tokenIn(value.value)) return 'token'
  if ((keyword !== 'ARG' && keyword !== 'ENV') || !isSecretName(name.value)) return undefined
  if (keyword === 'ARG' && !value?.value) return 'asked'
  if (!value) return undefined
  const worth = worthOf(value.value)
  if (worth !== 'nothing') return worth
  return keyword === 'ENV' && value.value.startsWith('$') ? 'kept' : undefined
}

/** Is the variable's value one of an image that is built for use? Images for tests and development have no real ones. */
export const isForUse = ({ written }: Acting, { path }: Dockerfile, shipped: Set<Stage>): boolean =>
  written.stage !== undefined && shipped.has(written.stage) && !sideOf(path)

/** What others call a variable of ARG or ENV with such a name, where it stands. */
export function peersOfName(name: string, { instruction, written }: Acting, { stages }: Dockerfile): Peers {
  const peers: Peers = {}
  const isNamed = isSecretName(name) || isAccountName(name)
  if (instruction === written && written.stage && isWarnedName(name)) peers.buildkit = 'SecretsUsedInArgOrEnv'
  if (isNamed || /passw(or)?d|secret|token|credential|api_?key/i.test(name)) peers.hadolint = 'DL3064'
  if (isNamed && written.stage && written.stage === stages.at(-1)) peers['trivy-docker'] = 'DS-0031'
  return peers
}

/** Sources of COPY and ADD that come from the folder of the build. */
export function copiedOf({ keyword, args, flags, heredocs }: Instruction): Text[] {
  if ((keyword !== 'COPY' && keyword !== 'ADD') || heredocs.length || flags.some(({ name }) => name === 'from'))
    return []
  return args.slice(0, -1)
}

interface CopiedLogin {
  acting: Acting
  variable: Variable
  source: Text
}

/** Variables that name a file of logins where the file was copied to, in the order of writing. */
export function copiedLoginsOf(dockerfile: Dockerfile, shipped: Set<Stage>): CopiedLogin[] {
  const found: CopiedLogin[] = []
  let copied: Map<string, Text> | undefined
  for (const acting of actingOf(dockerfile, 'ENV', 'ARG'))
    for (const variable of acting.instruction.pairs) {
      const { name, value } = variable
      if (!value || !LOGIN_FILES.has(name.value)) continue
      copied ??= destinationsOf(dockerfile, shipped)
      const source = copied.get(value.value)
      if (source) found.push({ acting, variable, source })
    }
  return found
}

/** What is copied, by the path it gets, be the destination a folder or the file itself. */
function destinationsOf(dockerfile: Dockerfile, shipped: Set<Stage>): Map<string, Text> {
  const copied = new Map<string, Text>()
  for (const { instruction, written } of actingOf(dockerfile, 'COPY', 'ADD')) {
    if (!written.stage || !shipped.has(written.stage)) continue
    const to = instruction.args.at(-1)?.value ?? ''
    for (const source of copiedOf(instruction)) {
      copied.set(to, source)
      copied.set(`${to.replace(/\/$/, '')}/${source.value.slice(source.value.lastIndexOf('/') + 1)}`, source)
    }
  }
  return copied
}

const LOGIN_FILES = new Set(
  'GOOGLE_APPLICATION_CREDENTIALS AWS_SHARED_CREDENTIALS_FILE AZURE_AUTH_LOCATION KUBECONFIG BOTO_CONFIG PGPASSFILE NETRC'.split(
    ' '
  )
)
