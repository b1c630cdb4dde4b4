import { byObject } from './cache.js'
import { matcherOf, sourcePath } from './ignore.js'
import type { Dockerfile, IgnoreFile, Place, Repo, Script, Text } from './model.js'
import { interpolated } from './parse/compose.js'
import { folderOf, joinPath } from './query.js'
import { bare, chainOf, copyOf, finalStage } from './stages.js'
import { buildCommand, sideOf, valuesOf } from './units.js'

/** The folder whose files a build can copy. */
export interface BuildContext {
  folder: string
  /** Where a build says so; undefined where it follows from where the Dockerfile lies. */
  by?: Place
  /** A checkout of the builder's own, which leaves `.git` behind. */
  withoutGit: boolean
}

interface World {
  /** Contexts that builds give, by Dockerfile. */
  given: Map<string, BuildContext[]>
  /** Every path and every folder. */
  paths: Set<string>
  ignoreFiles: Map<string, IgnoreFile>
}
/** How many builds of one Dockerfile are looked at. */
const MAX_CONTEXTS = 20

const worldOf = byObject((repo: Repo): World => {
  const world: World = { given: new Map(), paths: new Set(repo.paths), ignoreFiles: new Map() }
  for (const path of repo.paths)
    for (let folder = folderOf(path); folder && !world.paths.has(folder); folder = folderOf(folder))
      world.paths.add(folder)
  for (const file of repo.ignoreFiles) world.ignoreFiles.set(file.path, file)
  noteComposes(repo, world)
  noteWorkflows(repo, world)
  for (const script of repo.scripts.flatMap(file => [...file.targets.values()].flatMap(target => target.scripts)))
    if (script.text.value.includes('build')) noteCommands(script, '', world)
  return world
})

function note(path: string | undefined, folder: string | undefined, world: World, by: Place, withoutGit = false): void {
  if (path === undefined || folder === undefined || !world.paths.has(path)) return
  const list = world.given.get(path) ?? []
  world.given.set(path, list)
  const same = list.find(context => context.folder === folder)
  if (same) same.withoutGit &&= withoutGit
  else if (list.length < MAX_CONTEXTS) list.push({ folder, by, withoutGit })
}

function noteComposes(repo: Repo, world: World): void {
  for (const { path, services } of repo.composes)
    for (const { build } of services) {
      if (!build || build.inline || build.context === undefined || isRemote(build.context)) continue
      const file = interpolated(build.dockerfile?.value ?? 'Dockerfile')
      if (file === undefined || file.startsWith('/')) continue
      // Compose files in a folder of their own are often run with the root as directory.
      for (const folder of [joinPath(folderOf(path), build.context), joinPath(build.context)]) {
        const dockerfile = folder === undefined ? undefined : joinPath(folder, file)
        if (dockerfile === undefined || !world.paths.has(dockerfile)) continue
        note(dockerfile, folder, world, build.at)
        break
      }
    }
}

function noteWorkflows(repo: Repo, world: World): void {
  for (const workflow of repo.workflows)
    for (const job of workflow.jobs)
      for (const step of job.steps) {
        if (step.run?.text.value.includes('build'))
          noteCommands(step.run, (step.workingDirectory ?? job.defaults.workingDirectory)?.value ?? '', world)
        if (!step.uses?.value.startsWith('docker/build-push-action@')) continue
        const input = (name: string) => step.with.find(field => field.name.value === name)?.value.value
        const written = input('context')
        for (const context of valuesOf(written ?? '.', job).slice(0, MAX_CONTEXTS)) {
          const git = /^\{\{\s?defaultContext\s?\}\}:?/.exec(context)?.[0]
          const folder = git === undefined ? folderAt(context) : joinPath(context.slice(git.length))
          if (folder === undefined) continue
          const files = input('file') ? valuesOf(input('file')!, job) : [`${folder}/Dockerfile`]
          for (const file of files.slice(0, MAX_CONTEXTS))
            note(joinPath(file), folder, world, step.at, written === undefined || git !== undefined)
        }
      }
}

function noteCommands({ commands }: Script, folder: string, world: World): void {
  for (const command of commands) {
    const build = buildCommand(command, folder)
    if (build && !build.context?.includes('$')) note(build.path, build.context, world, command.at)
  }
}

const isRemote = (context: string): boolean => /^[a-z]{1,9}:\/\/|^git@|^github\.com\//.test(context)
const folderAt = (context: string): string | undefined =>
  isRemote(context) || context.includes('$') || context.startsWith('/') ? undefined : joinPath(context)

/**
 * The contexts that a Dockerfile is built with: those that builds of this repository give, else the folder it lies in. Below
 * the root that may be the root as well: what it copies tells. Empty where nothing does.
 */
export function contextsOf(repo: Repo, dockerfile: Dockerfile): BuildContext[] {
  const world = worldOf(repo)
  const given = world.given.get(dockerfile.path)
  if (given) return given
  const own = folderOf(dockerfile.path)
  if (own === '') return [{ folder: '', withoutGit: false }]
  let inOwn = 0
  let inRoot = 0
  for (const instruction of dockerfile.instructions) {
    const copy = copyOf(instruction)
    if (!copy || copy.from) continue
    for (const { value } of copy.sources) {
      const path = sourcePath(bare(value))
      if (!path || /[$*?[\\]/.test(path)) continue
      const isOwn = world.paths.has(`${own}/${path}`)
      const isRoot = world.paths.has(path)
      if (isOwn && !isRoot) inOwn++
      if (isRoot && !isOwn) inRoot++
    }
  }
  if (inOwn && !inRoot) return [{ folder: own, withoutGit: true }]
  if (inRoot && !inOwn) return [{ folder: '', withoutGit: false }]
  return inOwn || inRoot || !world.ignoreFiles.has(`${own}/.dockerignore`) ? [] : [{ folder: own, withoutGit: true }]
}

/** The ignore file of a build: the Dockerfile's own, else the context's. `unknown` where it could not be read. */
export function ignoreFileOf(
  repo: Repo,
  dockerfile: Dockerfile,
  { folder }: BuildContext
): IgnoreFile | 'none' | 'unknown' {
  const { ignoreFiles, paths } = worldOf(repo)
  const inside = (name: string) => (folder ? `${folder}/${name}` : name)
  for (const path of [`${dockerfile.path}.dockerignore`, inside('.dockerignore')]) {
    const file = ignoreFiles.get(path)
    if (file) return file
    if (paths.has(path)) return 'unknown'
  }
  // Podman reads this one first, Docker never.
  return paths.has(inside('.containerignore')) ? 'unknown' : 'none'
}

/** Ignore files that some build may use: those of Dockerfiles, of contexts, and of folders above a Dockerfile. */
export function ignoreFilesInUse(repo: Repo): IgnoreFile[] {
  const { given, paths } = worldOf(repo)
  const folders = new Set<string>()
  const addWithParents = (path: string) => {
    for (let folder = folderOf(path); !folders.has(folder); folder = folderOf(folder)) folders.add(folder)
  }
  for (const { path } of repo.dockerfiles) addWithParents(path)
  for (const contexts of given.values()) for (const { folder } of contexts) folders.add(folder)
  for (const { path, services } of repo.composes)
    for (const { build } of services) {
      const folder = build?.context === undefined ? undefined : joinPath(folderOf(path), build.context)
      if (folder !== undefined) folders.add(folder)
    }
  return repo.ignoreFiles.filter(({ path }) => {
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (name !== '.dockerignore' && name !== '.containerignore')
      return paths.has(path.slice(0, -'.dockerignore'.length))
    return folders.has(folderOf(path))
  })
}

/** A COPY of everything in the context. */
export interface WholeCopy {
  source: Text
  context: BuildContext
  ignore: IgnoreFile | 'none'
  /** What certainly comes along and nobody wants in an image: `.git`, and files with secrets that are committed. */
  leaks: string[]
  /** It stays in the image, not only in a stage that others copy from. */
  ships: boolean
}

/** Everything that a Dockerfile copies whole, with what the ignore file lets through. Unknown contexts give none. */
export function wholeCopiesOf(repo: Repo, dockerfile: Dockerfile): WholeCopy[] {
  const copies: WholeCopy[] = []
  const last = finalStage(dockerfile)
  const shipped = new Set(last && chainOf(last))
  let contexts: { context: BuildContext; ignore: IgnoreFile | 'none'; leaks: string[] }[] | undefined
  for (const instruction of dockerfile.instructions) {
    const copy = copyOf(instruction)
    if (!copy || copy.from || instruction.flags.some(({ name }) => name === 'exclude')) continue
    const source = copy.sources.find(({ value }) => /^\*?$/.test(sourcePath(bare(value))))
    if (!source || !instruction.stage) continue
    contexts ??= contextsOf(repo, dockerfile).flatMap(context => {
      const ignore = ignoreFileOf(repo, dockerfile, context)
      const leaks = ignore === 'unknown' ? undefined : leaksOf(repo, context, ignore)
      return ignore === 'unknown' || !leaks ? [] : [{ context, ignore, leaks }]
    })
    const worst = contexts.find(({ leaks }) => leaks.length) ?? contexts.find(({ ignore }) => ignore === 'none')
    const given = worst ?? contexts[0]
    if (given) copies.push({ source, ships: shipped.has(instruction.stage), ...given })
  }
  return copies
}

/** Keys and logins by their names; certificates and example files are none. */
const SECRET =
  /(^|\/)(id_(rsa|dsa|ecdsa|ed25519)|\.netrc|\.pgpass|\.git-credentials|\.env(\.local)?|[^/]{0,99}\.(p12|pfx|jks|keystore)|[^/]{0,99}(private|priv|-|_|\.)key\.pem|[^/]{1,99}\.key)$/i
const MAX_LEAKS = 50

function leaksOf(repo: Repo, { folder, withoutGit }: BuildContext, ignore: IgnoreFile | 'none'): string[] | undefined {
  const matcher = ignore === 'none' ? undefined : matcherOf(ignore)
  if (ignore !== 'none' && !matcher) return undefined
  const isIn = (path: string) => !matcher || matcher.judge(path)?.excluded === false
  const leaks = folder === '' && !withoutGit && isIn('.git/config') ? ['.git'] : []
  const start = folder ? `${folder}/` : ''
  for (const path of repo.paths) {
    if (leaks.length === MAX_LEAKS) break
    if (!path.startsWith(start) || !SECRET.test(path) || sideOf(path)) continue
    const inside = path.slice(start.length)
    if (isIn(inside)) leaks.push(inside)
  }
  return leaks
}

/** Is a path of a context left out of the build? Undefined where that cannot be told. */
export function isLeftOut(ignore: IgnoreFile | 'none', path: string): boolean | undefined {
  if (ignore === 'none') return false
  return matcherOf(ignore)?.judge(path)?.excluded
}

/** Is a path there, as a file or a folder? */
export const isThere = (repo: Repo, path: string): boolean => worldOf(repo).paths.has(path)
