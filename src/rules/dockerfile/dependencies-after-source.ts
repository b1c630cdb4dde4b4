import type { Instruction, Stage } from '../../model.js'
import { flagOf, type Manager, type PackageCall, packageCallsOf } from '../../packages.js'
import { rule } from '../../rule.js'
import { chainOf, mountsOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/dependencies-after-source',
  title: 'Dependencies are installed after the whole source was copied',
  why: 'A layer is built anew when anything before it changes: every edit of a source file installs all dependencies again, from the network.',
  fix: 'Copy the manifest and the lock file first, install, then copy the rest; or give the install a cache: RUN --mount=type=cache,target=….',
  severity: 'warning',
  topic: 'efficiency',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['copy', 'add'],

  *check({ stages, instructions }) {
    if (!instructions.some(copiesAll)) return
    const shipped = new Set(stages.slice(-1).flatMap(chainOf))
    const seen = new Map<Stage, Seen>()
    for (const stage of stages) {
      const before = stage.parent && seen.get(stage.parent)
      const now: Seen = { copy: before?.copy, fetched: new Set(before?.fetched) }
      seen.set(stage, now)
      const late = lateInstallOf(stage, now)
      if (!late || !now.copy) continue
      // Whoever compiles what ships elsewhere waits for the compiler in any case.
      if (!shipped.has(stage) && stage.instructions.some(each => packageCallsOf(each).some(compiles))) continue
      const { program, verb } = late
      const name = [program.value, verb?.value ?? ''].join(' ').trim()
      yield {
        at: (verb ?? program).at,
        message: `${name} runs again after each change of any file: line ${now.copy.at.line} copies them all before it`
      }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /app
COPY . .
RUN npm ci --omit=dev
USER node
`
  },
  good: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY . .
USER 1000
`,
    '.dockerignore': `.git
.env*
node_modules
`
  }
})

/** What has happened up to some place of a stage and in those that it builds on. */
interface Seen {
  /** The first copy of everything. */
  copy: Instruction | undefined
  /** Managers that installed what the project names before that. */
  fetched: Set<Manager>
}

/** The first install of what the project names that follows a copy of everything, unless the manager installed before. */
function lateInstallOf(stage: Stage, seen: Seen): PackageCall | undefined {
  for (const instruction of stage.instructions) {
    if (!seen.copy && copiesAll(instruction)) seen.copy = instruction
    const calls = packageCallsOf(instruction).filter(fetches)
    if (!seen.copy) for (const { manager } of calls) seen.fetched.add(manager)
    else if (!mountsOf(instruction).some(({ type }) => type === 'cache')) {
      const late = calls.find(({ manager }) => !seen.fetched.has(manager))
      if (late) return late
    }
  }
  return undefined
}

const copiesAll = ({ keyword, flags, args }: Instruction): boolean =>
  (keyword === 'COPY' || keyword === 'ADD') &&
  !flags.some(({ name }) => name === 'from') &&
  args.slice(0, -1).some(({ value }) => /^(\.|\.\/|\.\/\.|\*|\.\/\*)$/.test(value))

/** Does a call install what files of the project name? */
function fetches(call: PackageCall): boolean {
  const { manager, action, verb, packages } = call
  const named = verb?.value ?? ''
  switch (manager) {
    case 'npm':
    case 'yarn':
    case 'pnpm':
    case 'bun':
      return (action === 'install' && !packages.length && named !== 'add') || (manager === 'pnpm' && named === 'fetch')
    case 'pip':
      return action === 'install' && !packages.length && flagOf(call, '-r', '--requirement') !== undefined
    case 'uv':
      return (
        named === 'sync' ||
        (named === 'install' && !packages.length && flagOf(call, '-r', '--requirement') !== undefined)
      )
    case 'poetry':
    case 'pdm':
    case 'pipenv':
    case 'bundle':
    case 'composer':
      return action === 'install' && !packages.length && named !== 'add' && named !== 'require'
    case 'go':
      return action === 'download'
    case 'cargo':
      return named === 'fetch'
    case 'maven':
      return packages.length > 0 && packages.every(({ value }) => /^dependency:|^(clean|validate)$/.test(value))
    case 'dotnet':
    case 'mix':
      return action === 'install'
    default:
      return false
  }
}

const compiles = ({ manager, action, packages, verb }: PackageCall): boolean => {
  if (manager === 'go') return /^(build|install|generate)$/.test(verb?.value ?? '')
  if (manager === 'maven' || manager === 'gradle')
    return packages.some(({ value }) => /package|install|build|assemble|jar|dist|compile/i.test(value))
  return action === 'run' && (manager === 'cargo' || manager === 'dotnet' || manager === 'mix')
}
