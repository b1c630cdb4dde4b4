import type { Blob, FileKind } from './model.js'
import { isScriptFile } from './parse/scripts.js'

/** What a path is by its name alone. Kubernetes manifests are known by content: see mayBeManifest. */
export function kindOf(path: string): FileKind | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) return 'workflow'
  if (/^action\.ya?ml$/.test(name)) return 'action'
  if (/^\.github\/dependabot\.ya?ml$/.test(path)) return 'dependabot'
  if (/\.dockerignore$/.test(name) || name === '.containerignore') return 'ignore-file'
  if (isDockerfileName(name)) return 'dockerfile'
  if (/^(docker-)?compose[^/]*\.ya?ml$/.test(name) || /\.(docker-)?compose\.ya?ml$/.test(name)) return 'compose'
  if (name === 'Chart.yaml') return 'chart'
  if (/^(\.github\/|docs\/)?CODEOWNERS$/.test(path)) return 'codeowners'
  return undefined
}

// `Dockerfile.dev` and `dockerfile_arm` are Dockerfiles; `dockerfile.go` is a program about them.
const OTHER_LANGUAGES = new Set(
  (
    'adoc bats c cc cpp cs css diff ex exs go h htm html java js jsx json kt kts lock lua md mdx mjs out patch php pl ' +
    'png ps1 py rb rs rst scala sh snap svg swift toml ts tsx txt vim xml yml yaml'
  ).split(' ')
)
const isDockerfileName = (name: string) =>
  (/^(Dockerfile|Containerfile)([._-].*)?$/i.test(name) || /\.(dockerfile|containerfile)$/i.test(name)) &&
  !OTHER_LANGUAGES.has(name.slice(name.lastIndexOf('.') + 1).toLowerCase())

/** A path that is a template by its name: another program turns it into the real file. */
export const isTemplateName = (path: string): boolean =>
  /\.(j2|jinja2?|tmpl|tpl|erb|gotmpl|mustache|hbs|in|template)$/i.test(path) || /\{\{|\{%/.test(path)

/** A text that is a template by its content, of a kind whose own syntax has no such marks. */
export function isTemplateText(kind: FileKind, text: string): boolean {
  // GitHub reads these where they lie; a repository of templates may well name its placeholders in its own workflows.
  if (kind === 'workflow' || kind === 'action' || kind === 'dependabot') return false
  if (/\{\{-?\s*cookiecutter/.test(text) || /^[ \t]*\{%-?\s/m.test(text)) return true
  if (kind === 'dockerfile') return /\{%|^[ \t]*\{\{|^FROM[ \t]+\{\{/m.test(text)
  // Helm and Go templates; `${{ }}` is GitHub's own.
  if (kind === 'manifest' || kind === 'compose' || kind === 'chart') return /(^|[^$])\{\{[-\s]/m.test(text)
  return false
}

/** A line that YAML cannot read because another program fills in a name first: `{NAME}`, `@NAME@`, `%NAME%`. */
export const isPlaceholderLine = (line: string): boolean =>
  /(^|[^$])\{[A-Z][A-Z0-9_]{1,99}\}|[@%][A-Z][A-Z0-9_]{1,99}[@%]/.test(line)

/** Below `templates/` of a chart, every file is a template. `charts` are the folders of the tree that hold a Chart.yaml. */
export function inChartTemplates(path: string, charts: Set<string>): boolean {
  const at = path.lastIndexOf('/templates/')
  return at >= 0 ? charts.has(path.slice(0, at)) : path.startsWith('templates/') && charts.has('')
}

// Folders that usually hold manifests. A YAML file elsewhere is looked at when the pull request changes it.
const MANIFEST_FOLDERS = new Set(
  (
    'k8s kube kubernetes manifest manifests deploy deployment deployments kustomize base overlays gitops flux argocd app ' +
    'apps cluster clusters infra infrastructure ops release config'
  ).split(' ')
)

export function mayHoldManifest(path: string): boolean {
  if (!/\.ya?ml$/.test(path)) return false
  const folders = path.toLowerCase().split('/')
  folders.pop()
  return folders.some(folder => MANIFEST_FOLDERS.has(folder)) || /(^|\/)kustomization\.ya?ml$/.test(path)
}

/** The quick look before parsing: both keys at the start of a line. */
export const looksLikeManifest = (text: string): boolean =>
  /^["']?apiVersion["']?\s*:/m.test(text) && /^["']?kind["']?\s*:/m.test(text)

/** A plain file: no symlink (its content is a path) and no submodule. */
export const isRegular = (blob: Blob): boolean =>
  blob.mode !== '120000' && blob.mode !== '160000' && blob.mode !== '040000'

// Read at once, since most wrappers end here; those of other folders only when a command names them.
const ROOT_SCRIPTS = /^([^/]*)$/
export const isRootScript = (path: string): boolean =>
  ROOT_SCRIPTS.test(path) && isScriptFile(path) && !/\.sh$/.test(path)
