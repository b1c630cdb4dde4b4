import { byObject } from './cache.js'
import type { Action, Remote, Repo, Text, Workflow } from './model.js'
import { startOf } from './parse/text.js'
import { readAction, readWorkflow } from './parse/workflow.js'
import { mapOf, parseYaml } from './parse/yaml.js'
import { joinPath } from './query.js'

/** Where `./` leads: '' for this repository, else another one at a ref. */
export type Home = '' | { repository: string; ref: string }

/** Finds what `uses:` names, by what is written and where. */
export interface Callees {
  workflow(uses: Text, home: Home): { workflow: Workflow; home: Home } | { reason: string }
  /** Undefined: an action that is not at hand, which is no news of an action of another repository. */
  action(uses: string, home: Home): { action: Action; home: Home } | { reason: string } | undefined
}

/** The callees of a whole repository, made once for all rules that ask. */
export const calleesIn = byObject((repo: Repo): Callees => calleesOf(repo))
/** The workflows and actions of a repository and those of others that were read, each parsed once. */
export function calleesOf(
  repo: Pick<Repo, 'workflows' | 'actions' | 'paths' | 'remote'> & Partial<Pick<Repo, 'texts'>>
): Callees {
  const byPath = new Map(repo.workflows.map(workflow => [workflow.path, workflow]))
  const actions = new Map(repo.actions.map(action => [action.path.replace(/\/?action\.ya?ml$/, ''), action]))
  const paths = new Set(repo.paths)
  const parsed = new Map<Remote, Workflow | Action | undefined>()
  const others = new Map<string, Remote>()
  const remote = (uses: string) => {
    const found = repo.remote.get(uses)
    return found && 'text' in found ? found : (found?.reason ?? 'its file was not read')
  }
  const parse = <T extends Workflow | Action>(
    found: Remote,
    read: (...args: Parameters<typeof readWorkflow>) => T
  ): T | undefined => {
    if (!parsed.has(found)) {
      const path = `${found.uses}`
      const [document] = parseYaml(path, found.text)
      const root = mapOf(document?.root)
      parsed.set(found, root && read(path, startOf(path), root, []))
    }
    return parsed.get(found) as T | undefined
  }
  return {
    workflow(uses, home) {
      const written = uses.value
      if (isOwn(written) && home === '') {
        const path = joinPath(written.slice(2)) ?? ''
        const workflow = byPath.get(path)
        if (workflow) return { workflow, home: '' }
        // GitHub calls nothing outside its folder; what stands there can be compared all the same.
        const text = path.startsWith('.github/') ? undefined : repo.texts?.get(path)
        if (text !== undefined && !others.has(path)) others.set(path, { uses: path, path, text })
        const other = others.has(path) ? parse(others.get(path)!, readWorkflow) : undefined
        if (other) return { workflow: other, home: '' }
        return { reason: paths.has(path) ? `${path} was not read` : `${path} is not in the tree` }
      }
      const name = home !== '' && isOwn(written) ? `${home.repository}/${written.slice(2)}@${home.ref}` : written
      const found = remote(name)
      if (typeof found === 'string') return { reason: found }
      const workflow = parse(found, readWorkflow)
      return workflow ? { workflow, home: homeOf(name) } : { reason: 'its file is not understood' }
    },
    action(uses, home) {
      if (isOwn(uses) && home === '') {
        const folder = joinPath(uses.slice(2))
        const action = folder === undefined ? undefined : actions.get(folder)
        if (action) return { action, home: '' }
        const known =
          folder !== undefined && ['action.yml', 'action.yaml'].some(file => paths.has(joinPath(folder, file)!))
        return { reason: known ? 'its file was not read' : 'it is not in the tree' }
      }
      if (/^[.$]/.test(uses) || !uses.includes('@')) return undefined
      const found = remote(uses)
      if (typeof found === 'string') return undefined
      const action = parse(found, readAction)
      return action && { action, home: homeOf(uses) }
    }
  }
}

// `$/` is the root of the repository that holds the file.
const isOwn = (uses: string) => uses.startsWith('./') || uses.startsWith('$/')

function homeOf(uses: string): Home {
  const [path = '', ref = ''] = uses.split('@')
  return { repository: path.split('/').slice(0, 2).join('/'), ref }
}
