import type { FileKind, Looked, Repo } from '../../model.js'
import { isStillBroken } from '../../query.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pull-request/unreadable-file',
  title: 'A changed pipeline file cannot be read',
  why: 'What cannot be read cannot be checked, and a broken workflow stops running without a word.',
  fix: 'Write it as valid UTF-8 YAML or Dockerfile text below 512 KiB.',
  severity: 'error',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const changed = repo.diff && new Set(repo.diff.map(change => change.path))
    for (const row of repo.looked) {
      // Where there is nothing to compare with, every file counts as changed.
      if (changed && !changed.has(row.path)) continue
      if (isToldElsewhere(row, repo)) continue
      if (!isUnreadable(row) || !isPipelineFile(row, repo.texts.get(row.path))) continue
      const at = row.at ?? { path: row.path, line: 1, column: 1, endLine: 1, endColumn: 1 }
      const message = `${row.path} is ${NAMES[row.kind]} that cannot be read: ${row.reason ?? 'not understood'}`
      yield { at, message, key: `unreadable ${row.reason ?? ''}` }
    }
  },

  bad: {
    base: { '.github/dependabot.yml': 'version: 2\nupdates: []\n' },
    head: { '.github/dependabot.yml': 'version: 2\nupdates: {"test: [\n' }
  },
  good: {
    base: { 'README.md': 'Hello\n' },
    head: { 'README.md': 'Hello there\n' }
  }
})

// Errors in the YAML of these have a rule of their own. Where a change leaves one as it was, that would pass as old, though
// what else the change does to the file cannot be seen.
const isToldElsewhere = (row: Looked, repo: Repo): boolean =>
  row.errors !== undefined && (row.kind === 'workflow' || row.kind === 'action') && !isStillBroken(row, repo)

// Nothing can hide in an empty file; GitHub refuses its own kinds when they are.
const isUnreadable = ({ as, reason = '', kind }: Looked): boolean =>
  as === 'broken'
    ? reason !== 'is empty' || kind === 'workflow' || kind === 'action' || kind === 'dependabot'
    : as === 'left-out' && reason.startsWith('larger')

// Any YAML file may turn out to be a manifest: only one with both keys is.
function isPipelineFile({ kind, path }: Looked, text: string | undefined): boolean {
  if (kind === 'script' || kind === 'codeowners') return false
  // What tests feed to a program is often broken on purpose.
  if (/(^|\/)(test[-_]?data|__fixtures__|fixtures?)\//i.test(path)) return false
  return kind !== 'manifest' || (!!text && /^apiVersion:/m.test(text) && /^kind:/m.test(text))
}

const NAMES: Record<FileKind, string> = {
  workflow: 'a workflow',
  action: 'an action',
  dependabot: 'a Dependabot config',
  dockerfile: 'a Dockerfile',
  'ignore-file': 'an ignore file',
  compose: 'a Compose file',
  manifest: 'a Kubernetes manifest',
  chart: 'a chart',
  script: 'a script',
  codeowners: 'a CODEOWNERS file'
}
