import type { Dockerfile, Edit, Instruction, Place, Problem, Variable } from '../../model.js'
import { rule } from '../../rule.js'
import { type Reference, referencesIn, scopesOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/env-refers-to-itself',
  title: 'ENV uses a variable that it only just sets',
  why: 'All values of one ENV see the variables as they were before it: the reference is empty, or has the old value.',
  fix: 'Set the variable in an ENV of its own, before the one that uses it.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'suggested',
  over: 'dockerfile',
  mentions: ['env'],

  *check(dockerfile) {
    if (!dockerfile.instructions.some(({ keyword, pairs }) => keyword === 'ENV' && pairs.length > 1)) return
    for (const { instruction, isSet, complete } of scopesOf(dockerfile)) {
      if (instruction.keyword !== 'ENV' || instruction.pairs.length < 2) continue
      const reported = new Set<Variable>()
      for (const { user, reference, setBy } of referencesOf(dockerfile, instruction)) {
        if (isSet(reference.name) || reported.has(user)) continue
        reported.add(user)
        const isLater = isBefore(user.at, setBy.at)
        const edit = isLater ? undefined : splitBefore(instruction, user)
        const problem: Problem = {
          at: instruction.body.part(reference.from, reference.to),
          message: `${reference.name} does not have its new value here (line ${setBy.at.line}): both are set by one ENV`,
          peers: { hadolint: 'DL3044', ...(complete && reference.name !== 'PATH' && { buildkit: 'UndefinedVar' }) }
        }
        yield edit ? { ...problem, edits: [edit] } : problem
      }
    }
  },

  bad: {
    Dockerfile: `FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
ENV APP_HOME=/opt/app PATH=$APP_HOME/bin:$PATH
USER nobody
`
  },
  good: {
    Dockerfile: `FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
ENV APP_HOME=/opt/app
ENV PATH=$APP_HOME/bin:$PATH
USER 65534
`,
    '.dockerignore': `.git
`
  }
})

interface Use {
  /** The pair whose value has the reference, and the one that sets its variable. */
  user: Variable
  reference: Reference
  setBy: Variable
}

/** References of an ENV to variables that another of its pairs sets. */
function* referencesOf(dockerfile: Dockerfile, { pairs, body }: Instruction): Iterable<Use> {
  const first = new Map<string, Variable>()
  for (const pair of pairs) if (!first.has(pair.name.value)) first.set(pair.name.value, pair)
  let index = 0
  for (const reference of referencesIn(body.value, dockerfile.escape)) {
    const at = body.part(reference.from)
    while (index + 1 < pairs.length && !isBefore(at, pairs[index + 1]!.at)) index++
    const user = pairs[index]!
    const setBy = first.get(reference.name)
    // A variable that takes up its own old value is meant so.
    if (setBy && setBy !== user) yield { user, reference, setBy }
  }
}

const isBefore = (one: Place, other: Place): boolean =>
  one.line < other.line || (one.line === other.line && one.column < other.column)

/** Begins another ENV before a pair. Nothing but blanks and continuations may stand between it and the one before. */
function splitBefore({ pairs, body }: Instruction, pair: Variable): Edit | undefined {
  const before = pairs[pairs.indexOf(pair) - 1]
  if (!before) return undefined
  const { path, endLine, endColumn } = before.at
  const { line, column } = pair.at
  // A comment between continued lines would end up between two instructions, where it may mean something else.
  if (line > endLine + 1 || body.at.path !== path) return undefined
  return { at: { path, line: endLine, column: endColumn, endLine: line, endColumn: column }, text: '\nENV ' }
}
