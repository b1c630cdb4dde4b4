import { expect, test } from '@jest/globals'
import type { Problem } from '../../../src/model.js'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/workflow/script-injection.js'
import { problems, repoOf } from '../../helpers.js'
import { applied } from './edits.js'

const PATH = '.github/workflows/ci.yml'
const file = (on: string, steps: string, job = '', head = '') =>
  `on: ${on}\n${head}jobs:\n  one:\n    runs-on: ubuntu-latest\n${job}    steps:\n${steps.replaceAll(/^/gm, '      ')}\n`
const found = async (text: string): Promise<Problem[]> =>
  run([rule], await repoOf({ [PATH]: text }), () => ({})).found.map(({ problem }) => problem)
const count = async (text: string) => (await found(text)).length
const echo = (expression: string) => `- run: echo \${{ ${expression} }}`

const privileged = (path: string, event: string) =>
  `${path} becomes part of a shell script, and outsiders write it: on ${event} the job has secrets and a token of its own`

test('it names source, sink and trigger, and points at the expression', async () => {
  const text = file('issues', '- run: |\n    date\n    echo "New: ${{ github.event.issue.title }}"')
  expect(await problems(rule, { [PATH]: text })).toEqual([
    `${PATH}:8:22 ${privileged('github.event.issue.title', 'issues')}`
  ])
  expect((await found(text))[0]!.at).toMatchObject({ line: 8, endLine: 8, endColumn: 53 })
})

test.each([
  ['pull_request_target', 'github.event.pull_request.title', undefined],
  ['issue_comment', 'github.event.comment.body', undefined],
  ['workflow_run', 'github.event.workflow_run.head_branch', undefined],
  ['discussion', 'github.event.discussion.body', undefined],
  ['[push, pull_request_target]', 'github.head_ref', undefined],
  ['pull_request', 'github.head_ref', 'warning'],
  ['pull_request', "github['event'].Pull_Request['head'].ref", 'warning'],
  ['push', 'github.event.head_commit.message', 'warning'],
  ['push', 'github.event.commits[0].author.name', 'warning'],
  ['push', 'github.event.commits[github.event.number].message', 'warning'],
  ['release', 'github.event.release.body', 'warning'],
  ['workflow_call', 'github.event.pull_request.body', 'warning']
])('on %s, %s is an outsider’s', async (on, expression, severity) => {
  const problems = await found(file(on, echo(expression)))
  expect(problems.map(problem => problem.severity)).toEqual([severity])
})

test.each([
  ['push', 'github.head_ref'],
  ['workflow_dispatch', 'github.event.issue.title'],
  ['workflow_dispatch', 'inputs.name'],
  ['schedule', 'github.event.pull_request.title'],
  ['issues', 'github.event.comment.body'],
  ['pull_request', 'github.event.pull_request.number'],
  ['pull_request', 'github.event.pull_request.head.sha'],
  ['pull_request', 'github.event.pull_request.user.login'],
  ['pull_request', 'github.event.pull_request.base.ref'],
  ['pull_request', 'github.actor'],
  ['pull_request', 'github.ref_name'],
  ['pull_request', 'github.event'],
  ['push', 'github.event.commits.*.message'],
  ['pull_request', 'secrets.TOKEN']
])('on %s, %s is not', async (on, expression) => expect(await count(file(on, echo(expression)))).toBe(0))

test.each([
  ["format('{0}', github.head_ref)", 1],
  ["github.head_ref || 'main'", 1],
  ["'main' || github.head_ref", 1],
  ["github.event_name == 'x' && github.head_ref", 1],
  ['toJSON(github.event)', 1],
  ['toJSON(github.event.pull_request.head)', 1],
  ["join(github.event.pull_request.*.ref, ' ')", 1],
  ['fromJSON(toJSON(github.event.pull_request)).title', 1],
  ["case(true, github.head_ref, 'x')", 1],
  ["case(github.head_ref == 'x', 'a', 'b')", 0],
  ["contains(github.head_ref, 'x')", 0],
  ["startsWith(github.head_ref, 'x')", 0],
  ["github.head_ref == 'x'", 0],
  ['!github.head_ref', 0],
  ["github.head_ref && 'x'", 0],
  ['hashFiles(github.head_ref)', 0],
  ['toJSON(github.event.pull_request.number)', 0],
  ['github.event.pull_request.*', 0],
  ['github.event[github.event_name].title', 0]
])('knows that %s passes on %d', async (expression, expected) =>
  expect(await count(file('pull_request', echo(expression)))).toBe(expected)
)

test.each([
  ['the step', '', '- env:\n    TITLE: ${{ github.head_ref }}\n  run: echo ${{ env.TITLE }}', 1],
  ['the job', '    env:\n      Title: ${{ github.head_ref }}\n', '- run: echo ${{ env.TITLE }}', 1],
  [
    'a step that replaces it',
    '    env:\n      TITLE: ${{ github.head_ref }}\n',
    '- env: {TITLE: x}\n  run: echo ${{ env.TITLE }}',
    0
  ],
  ['nobody', '', '- run: echo ${{ env.TITLE }}', 0],
  ['the step, read as a variable', '', '- env:\n    TITLE: ${{ github.head_ref }}\n  run: echo "$TITLE"', 0]
])('follows env of %s', async (_, job, steps, expected) =>
  expect(await count(file('pull_request', steps, job))).toBe(expected)
)

test('it says which variable the text came through', async () => {
  const text = file('issues', '- run: echo ${{ env.T }}', '    env:\n      T: ${{ github.event.issue.body }}\n')
  expect((await found(text))[0]!.message).toBe(privileged('github.event.issue.body (through env T, line 6)', 'issues'))
})

test.each([
  ['- uses: actions/github-script@v8\n  with:\n    script: console.log("${{ github.head_ref }}")', 1],
  ['- uses: Actions/GitHub-Script@main\n  with:\n    SCRIPT: console.log("${{ github.head_ref }}")', 1],
  ['- uses: actions/github-script@v8\n  with:\n    result-encoding: ${{ github.head_ref }}', 0],
  ['- uses: actions/checkout@v6\n  with:\n    ref: ${{ github.head_ref }}', 0],
  ['- uses: azure/cli@v2\n  with:\n    inlineScript: az ${{ github.head_ref }}', 1],
  ['- name: ${{ github.head_ref }}\n  run: date', 0],
  ['- run: print("${{ github.head_ref }}")\n  shell: python', 1]
])('knows which inputs are code: %j', async (steps, expected) =>
  expect(await count(file('pull_request', steps))).toBe(expected)
)

test.each([
  ["github.event_name == 'push'", 0],
  ["github.event_name == 'pull_request'", 1],
  ["${{ github.event_name == 'push' }}", 0],
  ["${{ github.event_name == 'push' }} ", 1],
  ["x ${{ github.event_name == 'push' }}", 1],
  ['github.event.pull_request.head.repo.full_name == github.repository', 0],
  ['success() && github.repository == github.event.pull_request.head.repo.full_name', 0],
  ['success() || github.repository == github.event.pull_request.head.repo.full_name', 1],
  ['github.event.pull_request.head.repo.full_name != github.repository', 1],
  ['!github.event.pull_request.head.repo.fork', 0],
  ['contains(fromJSON(\'["OWNER"]\'), github.event.pull_request.author_association)', 0],
  ["github.event.issue.author_association == 'OWNER'", 1],
  ["github.ref == 'refs/heads/main'", 1]
])('weighs the condition %s', async (condition, expected) => {
  const quoted = `'${condition.replaceAll("'", "''")}'`
  const step = '- run: echo ${{ github.event.pull_request.title }}'
  expect(await count(file('[push, pull_request]', step, `    if: ${quoted}\n`))).toBe(expected)
  expect(await count(file('[push, pull_request]', `${step}\n  if: ${quoted}`))).toBe(expected)
})

test.each([
  [
    'in a heredoc',
    '- name: x\n  run: |\n    cat <<EOF\n    "${{ github.head_ref }}"\n    EOF',
    '- name: x\n  env:\n    HEAD_REF: ${{ github.head_ref }}\n  run: |\n    cat <<EOF\n    "${HEAD_REF}"\n    EOF'
  ],
  [
    'after heredocs',
    "- name: x\n  run: |\n    cat <<'A' <<-B\n    it's\n    A\n    it's\n    B\n    echo ${{ github.head_ref }}",
    "- name: x\n  env:\n    HEAD_REF: ${{ github.head_ref }}\n  run: |\n    cat <<'A' <<-B\n    it's\n    A\n    it's\n    B\n    echo \"${HEAD_REF}\""
  ],
  [
    'in a substitution in quotes',
    '- run: echo "$(echo ${{ github.head_ref }})"',
    '- env:\n    HEAD_REF: ${{ github.head_ref }}\n  run: echo "$(echo "${HEAD_REF}")"'
  ],
  [
    'behind a substitution',
    '- run: echo "$(date "+%s")" "${{ github.head_ref }}"',
    '- env:\n    HEAD_REF: ${{ github.head_ref }}\n  run: echo "$(date "+%s")" "${HEAD_REF}"'
  ],
  [
    'in a quoted YAML text',
    '- run: \'echo "${{ github.head_ref }}"\'',
    '- env:\n    HEAD_REF: ${{ github.head_ref }}\n  run: \'echo "${HEAD_REF}"\''
  ],
  [
    'in double quotes',
    '- run: echo "a ${{ github.head_ref }} b"',
    '- env:\n    HEAD_REF: ${{ github.head_ref }}\n  run: echo "a ${HEAD_REF} b"'
  ],
  [
    'in no quotes',
    "- name: x\n  run: |\n    # it's\n    echo ${{ github.head_ref }}",
    '- name: x\n  env:\n    HEAD_REF: ${{ github.head_ref }}\n  run: |\n    # it\'s\n    echo "${HEAD_REF}"'
  ],
  [
    'in single quotes',
    "- run: echo 'a ${{ github.head_ref }}'",
    "- env:\n    HEAD_REF: ${{ github.head_ref }}\n  run: echo 'a '\"${HEAD_REF}\"''"
  ],
  [
    'twice, and beside another',
    '- run: |\n    echo "${{ github.head_ref }}"\n    echo "${{ github.head_ref }} ${{ github.event.pull_request.title }}"',
    '- env:\n    HEAD_REF: ${{ github.head_ref }}\n    PULL_REQUEST_TITLE: ${{ github.event.pull_request.title }}\n  run: |\n    echo "${HEAD_REF}"\n    echo "${HEAD_REF} ${PULL_REQUEST_TITLE}"'
  ],
  [
    'where the step has variables, one of the same name',
    '- run: echo ${{ github.head_ref }}\n  env:\n    HEAD_REF: x\n    B: c',
    '- run: echo "${HEAD_REF_2}"\n  env:\n    HEAD_REF_2: ${{ github.head_ref }}\n    HEAD_REF: x\n    B: c'
  ],
  [
    'through a variable that is there',
    '- env:\n    T: ${{ github.head_ref }}\n  run: echo ${{ env.T }}',
    '- env:\n    T: ${{ github.head_ref }}\n  run: echo "${T}"'
  ],
  [
    'in PowerShell',
    '- shell: pwsh\n  run: Write-Host "a ${{ github.head_ref }}" ${{ github.head_ref }}',
    '- shell: pwsh\n  env:\n    HEAD_REF: ${{ github.head_ref }}\n  run: Write-Host "a $($env:HEAD_REF)" $env:HEAD_REF'
  ]
])('moves the text to env: %s', async (_, before, after) => {
  const text = file('pull_request', before)
  const problems = await found(text)
  expect(problems.slice(1).every(problem => !problem.edits)).toBe(true)
  const mended = applied(text, problems[0]!.edits!)
  expect(mended).toBe(file('pull_request', after))
  expect(await found(mended)).toEqual([])
})

test.each([
  ['a quoted heredoc', "- run: |\n    cat <<'EOF'\n    ${{ github.head_ref }}\n    EOF"],
  ['backquotes', '- run: echo `echo ${{ github.head_ref }}`'],
  ['a comment', '- run: |\n    # ${{ github.head_ref }}'],
  ['a quoted YAML text', '- run: "echo ${{ github.head_ref }}"'],
  ['a plain text that would begin with a quote', '- run: ${{ github.head_ref }} x'],
  ['a flow map', "- {run: 'echo ${{ github.head_ref }}'}"],
  ['variables in a flow map', '- run: echo ${{ github.head_ref }}\n  env: {A: b}'],
  ['another language', '- run: print("${{ github.head_ref }}")\n  shell: python'],
  ['an input', '- uses: actions/github-script@v8\n  with:\n    script: f("${{ github.head_ref }}")'],
  ['more than the variable', "- env:\n    T: ${{ github.head_ref }}\n  run: echo ${{ format('{0}', env.T) }}"]
])('offers no edit for %s', async (_, steps) => {
  const problems = await found(file('pull_request', steps))
  expect(problems).toHaveLength(1)
  expect(problems[0]!.edits).toBeUndefined()
})

test('it ends with scripts of very many expressions', async () => {
  const text = file('pull_request', `- run: |\n${'    echo "${{ github.head_ref }}"\n'.repeat(5000)}`)
  expect(await count(text)).toBe(200)
})
