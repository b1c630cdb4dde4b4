import type { Command, Edit, Place, Script, Step } from '../../model.js'
import { afterOf, stepsOf } from '../../query.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/deprecated-command',
  title: 'Script uses a command that GitHub has withdrawn',
  why: 'What is set by printing can be set by anything that prints; set-env and add-path fail, the others are on their way out.',
  fix: 'Append to the files in $GITHUB_OUTPUT, $GITHUB_STATE, $GITHUB_ENV and $GITHUB_PATH.',
  severity: 'warning',
  topic: 'security',
  preset: 'recommended',
  edits: 'safe',
  over: 'repo',
  peers: { actionlint: 'deprecated-commands' },

  *check(repo) {
    const steps: Step[] = [...repo.workflows.flatMap(stepsOf), ...repo.actions.flatMap(action => action.steps)]
    for (const { run } of steps) {
      if (!run) continue
      const { value } = run.text
      for (const found of value.matchAll(COMMANDS)) {
        const [written, name = 'add-path', variable = ''] = found
        if (isComment(value, found.index, run)) continue
        const file = FILES[name]!
        const edits = editsFor(run, found.index, written, variable, file)
        yield {
          at: run.text.part(found.index, found.index + written.length),
          message: `the command ${name} is withdrawn: append to $${file}`,
          ...(name === 'set-env' || name === 'add-path' ? { severity: 'error' as const } : {}),
          ...(edits && { edits })
        }
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: echo "::set-output name=version::$VERSION"
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: pull_request
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: echo "version=$VERSION" >> "$GITHUB_OUTPUT"
`
  }
})

const COMMANDS = /::(?:(set-output|save-state|set-env)\s{1,9}name=([^\s:]{1,200})::|add-path::)/g

const FILES: Record<string, string> = {
  'set-output': 'GITHUB_OUTPUT',
  'save-state': 'GITHUB_STATE',
  'set-env': 'GITHUB_ENV',
  'add-path': 'GITHUB_PATH'
}

function isComment(value: string, index: number, { shell }: Script): boolean {
  if (shell.name === 'cmd' || shell.name === 'node') return false
  const line = value.slice(value.lastIndexOf('\n', index) + 1, index)
  return line.trimStart().startsWith('#')
}

const same = (one: Place, other: Place): boolean => one.line === other.line && one.column === other.column

/** Of an `echo` of nothing else, whose output goes nowhere else. */
function editsFor(run: Script, index: number, written: string, variable: string, file: string): Edit[] | undefined {
  if (run.shell.name !== 'bash' && run.shell.name !== 'sh') return undefined
  const at = run.text.part(index, index + written.length)
  const command = run.commands.find(each => isPlainEcho(each) && contains(each.at, at))
  const [, word, second] = command?.words ?? []
  if (!command || !word) return undefined
  // Without quotes the command is two words.
  const said = second ? `${word.value} ${second.value}` : word.value
  if (!said.startsWith(written)) return undefined
  // Escapes that only the old command undoes, and values of several lines, which the file takes in another form.
  if (/%[0-9A-F]{2}|\n/.test(said) || (second ?? word).at.endLine !== word.at.line) return undefined
  const inQuotes = same(word.at, at) ? 0 : 1
  if (at.column - word.at.column !== inQuotes) return undefined
  return [
    { at, text: variable ? `${variable}=` : '' },
    { at: afterOf(command.at), text: ` >> "$${file}"` }
  ]
}

const isPlainEcho = ({ name, words, output, pipe, inside, lost }: Command): boolean =>
  name === 'echo' &&
  (words.length === 2 || (words.length === 3 && /^::[a-z-]+$/.test(words[1]!.value))) &&
  !output &&
  !pipe &&
  !lost &&
  !inside.includes('substitution') &&
  !inside.includes('nested-shell')

const contains = (whole: Place, part: Place): boolean =>
  whole.line * 1e5 + whole.column <= part.line * 1e5 + part.column &&
  part.endLine * 1e5 + part.endColumn <= whole.endLine * 1e5 + whole.endColumn
