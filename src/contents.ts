import { byObject } from './cache.js'
import { imageFacts } from './data/base-images.js'
import type { Dockerfile, Instruction, Stage } from './model.js'
import { isShellForm } from './shell-form.js'

/**
 * Instructions in shell form whose image has no shell to run them, and the image it is built on. Only what is certain:
 * where a SHELL is set, an exec-form RUN ran or a copy may have brought a shell, nothing is said.
 */
export const shelllessOf = byObject((dockerfile: Dockerfile): Map<Instruction, string> => {
  const found = new Map<Instruction, string>()
  const ends = new Map<Stage, string | undefined>()
  for (const stage of dockerfile.stages) {
    let without = stage.parent ? ends.get(stage.parent) : shelllessBase(stage)
    for (const instruction of stage.instructions) {
      if (without === undefined) break
      if (bringsShell(stage, instruction)) without = undefined
      else if (isShellForm(instruction) && !mountsShell(instruction)) found.set(instruction, without)
    }
    ends.set(stage, without)
  }
  return found
})
/**
 * May a COPY or ADD put more into one of these folders than the files it names? `folders` are absolute, without a slash
 * at the end; '' is the root, which holds them all.
 */
export function mayFill({ keyword, args, heredocs }: Instruction, stage: Stage, folders: Set<string>): boolean {
  const target = args.at(-1)?.value
  if ((keyword !== 'COPY' && keyword !== 'ADD') || target === undefined || heredocs.length) return false
  if (target.includes('$')) return true
  // Where a relative target lands depends on WORKDIR, which no image has in a folder of programs.
  if (!target.startsWith('/'))
    return /^[./]*$/.test(target) && !stage.instructions.some(each => each.keyword === 'WORKDIR')
  if (!folders.has(target.replace(/\/{1,9}$/, ''))) return false
  return args.slice(0, -1).some(source => !isFile(source.value, keyword, stage))
}

/** A base without a shell, known one by one and not by the habit of its registry. */
function shelllessBase({ base, platform, image }: Stage): string | undefined {
  const facts = base === undefined || platform?.value.startsWith('windows') ? undefined : imageFacts(base)
  if (facts?.shell !== 'none' || facts.healthcheck === undefined) return undefined
  return base?.split('@')[0] ?? image.value
}

const SHELL_FOLDERS = new Set(['', '/bin', '/usr', '/usr/bin'])

function bringsShell(stage: Stage, instruction: Instruction): boolean {
  const { keyword, json, args, script } = instruction
  if (keyword === 'SHELL' || script?.shell.name === 'cmd' || (keyword === 'RUN' && json)) return true
  if (keyword !== 'COPY' && keyword !== 'ADD') return false
  return args.some(({ value }) => isShellPath(value)) || mayFill(instruction, stage, SHELL_FOLDERS)
}

const isShellPath = (path: string) => path === 'sh' || /\/(sh|bash|dash|ash|busybox)$/.test(path)

/** `RUN --mount=from=busybox,target=/bin` lends a shell. */
const mountsShell = ({ flags }: Instruction): boolean =>
  flags.some(({ name, value }) => name === 'mount' && /target=|dst=|destination=/.test(value.value))

/** A name that says that it is one file: an extension, a folder of programs around it, or what the image starts. */
function isFile(source: string, keyword: string, stage: Stage): boolean {
  const name = source.slice(source.lastIndexOf('/') + 1)
  if (!name || /[*?[$]/.test(source) || (keyword === 'ADD' && /\.(tar|t?[gx]z|t?bz2?|zst)$/.test(name))) return false
  if (/^[^.].*\./.test(name) || /(^|\/)s?bin\/[^/]{1,255}$/.test(source)) return true
  return stage.instructions.some(
    ({ keyword, args }) =>
      (keyword === 'CMD' || keyword === 'ENTRYPOINT') &&
      args.some(({ value }) => value.slice(value.lastIndexOf('/') + 1) === name)
  )
}
