import { byObject } from './cache.js'
import { type ImageFacts, imageFacts } from './data/base-images.js'
import type { Dockerfile, Peers, Repo, Stage, Text } from './model.js'
import { chainOf, finalStage, stateOf, userOf } from './stages.js'
import { sideOf } from './units.js'

/** An image that somebody runs and that stays root. */
export interface RootImage {
  dockerfile: Dockerfile
  stage: Stage
  /** The USER that says so; undefined where the base image does. */
  written?: Text
  /** Without a USER: what shows that the image is a server, as a verb. */
  serves?: string
}

/**
 * Images that end as root by a USER, and servers whose base image is root; those that are known to step down, that others
 * build upon, or that are for tests and development are none.
 */
export const rootImagesOf = byObject((repo: Repo): RootImage[] => {
  const found: RootImage[] = []
  for (const { dockerfile, stage } of imagesOf(repo)) {
    const root = rootOf(repo, dockerfile, stage)
    if (root) found.push(root)
  }
  return found
})

/** Is a USER root as it is written, without a variable? */
export const isPlainRoot = (user: string): boolean => /^(root|0)(:|$)/.test(user)

/**
 * What others say to a USER that makes a stage root: hadolint of every stage, Trivy of the one that the file gives, Checkov
 * of the last USER in the file, and only by its name.
 */
export function rootPeersOf(dockerfile: Dockerfile, stage: Stage, { value, at }: Text): Peers {
  if (!isPlainRoot(value)) return {}
  const peers: Peers = { hadolint: 'DL3002' }
  if (stage === finalStage(dockerfile)) peers['trivy-docker'] = 'DS-0002'
  const last = dockerfile.instructions.findLast(({ keyword }) => keyword === 'USER')
  if (value === 'root' && last?.at.line === at.line) peers['checkov-dockerfile'] = 'CKV_DOCKER_8'
  return peers
}

/** The stages that somebody runs: the last of each Dockerfile and those that builds target, test and development apart. */
function* imagesOf(repo: Repo): Iterable<{ dockerfile: Dockerfile; stage: Stage }> {
  const places = new Set(repo.units.filter(unit => unit.kind === 'image').map(({ at }) => `${at.path}:${at.line}`))
  for (const dockerfile of repo.dockerfiles) {
    if (sideOf(dockerfile.path)) continue
    for (const stage of dockerfile.stages) {
      if (!places.has(`${dockerfile.path}:${stage.from.at.line}`)) continue
      if (sideOf(stage.name?.value ?? '')) continue
      yield { dockerfile, stage }
    }
  }
}

function rootOf(repo: Repo, dockerfile: Dockerfile, stage: Stage): RootImage | undefined {
  const { base } = stateOf(stage)
  const facts = base === undefined ? undefined : imageFacts(base)
  const user = userOf(dockerfile, stage)
  if (user.by ? user.name !== 'root' : facts?.user !== 'root') return undefined
  if (isForOthers(stage) || stepsDown(stage, facts) || mayStepDownInScript(repo, stage)) return undefined
  const [written] = user.by?.args ?? []
  if (written) return { dockerfile, stage, written }
  const serves = servesBy(stage)
  return serves ? { dockerfile, stage, serves } : undefined
}

/** An image with triggers is a base: whoever builds on it says who runs it. */
const isForOthers = (stage: Stage): boolean => stage.instructions.some(({ keyword }) => keyword === 'ONBUILD')

/** What says that the image serves: EXPOSE, or a command that is a server. */
function servesBy(stage: Stage): string | undefined {
  const { exposes, cmd, entrypoint } = stateOf(stage)
  if (!cmd && !entrypoint) return undefined
  const [port] = exposes
  if (port) return port.value.includes('$') ? 'listens' : `listens on ${port.value}`
  const server = programsOf(stage).find(program => SERVERS.has(program))
  return server && `runs ${server}`
}

const SERVERS = new Set(
  'gunicorn uvicorn hypercorn daphne waitress-serve granian puma unicorn thin passenger http-server live-server runserver'.split(
    ' '
  )
)

/**
 * Does the image leave root by itself? Servers whose workers run under another account, init systems that start services
 * under theirs, and entrypoints that say who they become, or an image that brings what is needed for it.
 */
function stepsDown(stage: Stage, facts: ImageFacts | undefined): boolean {
  const { cmd, entrypoint } = stateOf(stage)
  // Without an entrypoint or command of its own, or with another command alone, the base image's entrypoint goes on.
  if (!entrypoint && (facts?.dropsTo || facts?.kind === 'server' || facts?.kind === 'database')) return true
  const programs = programsOf(stage)
  if (programs.some(value => isHelper({ value }))) return true
  if (!entrypoint && !cmd) return false
  const chain = chainOf(stage).flatMap(each => each.instructions)
  return chain.some(
    ({ keyword, body, heredocs, pairs }) =>
      (/^(RUN|COPY|ADD)$/.test(keyword) &&
        [body, ...heredocs.map(heredoc => heredoc.body)].some(text => mentionsHelper(text.value))) ||
      (/^(ENV|ARG)$/.test(keyword) && pairs.some(({ name }) => name.value === 'PUID'))
  )
}

const HELPERS = new Set([
  'gosu',
  'su-exec',
  'setpriv',
  'runuser',
  'su',
  'chroot',
  'fixuid',
  'setuidgid',
  's6-setuidgid',
  'chpst',
  'sudo'
])
/** Start as root and run what answers under another account. */
const MASTERS = new Set(
  'nginx httpd httpd-foreground apache2 apache2ctl apache2-foreground apachectl php-fpm haproxy postfix dovecot sshd named supervisord s6-svscan runsvdir init cron crond'.split(
    ' '
  )
)

/**
 * An entrypoint script often mends the owner of files and then goes on as another user. Whether this one does shows in its
 * commands where it was read; where it was not, nothing is said.
 */
function mayStepDownInScript(repo: Repo, stage: Stage): boolean {
  const { cmd, entrypoint } = stateOf(stage)
  const names =
    (entrypoint ?? cmd)?.script?.commands.flatMap(command => command.words.map(word => nameOf(word.value))) ?? []
  const script = names.find(name => (entrypoint && name.endsWith('.sh')) || name.includes('entrypoint'))
  if (!script) return false
  const read = repo.scripts.filter(({ path, tool }) => tool === 'shell' && nameOf(path) === script)
  if (!read.length) return true
  return read
    .flatMap(file => [...file.targets.values()].flatMap(target => target.scripts))
    .some(({ commands, unread }) => unread !== undefined || commands.some(({ words }) => words.some(isHelper)))
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const isHelper = ({ value }: { value: string }): boolean => HELPERS.has(nameOf(value)) || MASTERS.has(nameOf(value))

const mentionsHelper = (text: string): boolean =>
  ['gosu', 'su-exec', 's6-overlay', 's6-setuidgid', 'fixuid', 'supervisor', 'setpriv'].some(word => text.includes(word))

/** Names of the programs that entrypoint and command start, options and arguments too: `tini -- gosu app server`. */
function programsOf(stage: Stage): string[] {
  const { cmd, entrypoint } = stateOf(stage)
  return [entrypoint, cmd]
    .flatMap(instruction => instruction?.script?.commands ?? [])
    .flatMap(command => command.words.map(word => nameOf(word.value)))
}
