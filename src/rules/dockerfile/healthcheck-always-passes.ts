import type { Command, Script } from '../../model.js'
import { healthchecksOf } from '../../probes.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/healthcheck-always-passes',
  title: 'Health check cannot fail',
  why: 'The container is called healthy whatever happens in it, and whoever waits for its health or restarts by it is misled.',
  fix: 'Let the status of the probe be that of the check: drop what comes after it, or end it with || exit 1.',
  severity: 'warning',
  topic: 'health',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['healthcheck'],

  *check(dockerfile) {
    for (const { instruction } of healthchecksOf(dockerfile)) {
      const { script } = instruction
      if (!script || script.unread !== undefined) continue
      const commands = decidersOf(script)
      if (!commands.length || !commands.every(command => command.lost || cannotFail(command))) continue
      if (commands.some(command => command.lost?.how === 'negated')) continue
      const loss = commands.find(command => command.lost)
      const [first] = commands
      if (loss?.lost?.by)
        yield {
          at: loss.lost.at,
          message: `a failure of ${loss.name} is lost to ${loss.lost.by}: the check always passes`
        }
      else if (loss)
        yield {
          at: commands.at(-1)!.at,
          message: `${sayOf(commands.at(-1)!)} comes last and decides, whatever ${loss.name} says: the check always passes`
        }
      else yield { at: first!.at, message: `${sayOf(first!)} always succeeds: the check says nothing` }
    }
  },

  bad: {
    Dockerfile: `FROM nginx:1.29
HEALTHCHECK --interval=30s --timeout=5s CMD curl -fsS http://127.0.0.1/ || true
`
  },
  good: {
    Dockerfile: `FROM nginxinc/nginx-unprivileged:1.29.3@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY site /usr/share/nginx/html
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/"]
`,
    '.dockerignore': `.git
`
  }
})

/** What the outcome hangs on: of sh -c the script, of a substitution nothing. */
function decidersOf({ commands }: Script): Command[] {
  const outer = commands.filter(({ inside }) => !inside.includes('substitution') && !inside.includes('function'))
  const isNested = ({ inside }: Command) => inside.includes('nested-shell')
  return outer.some(isNested) ? outer.filter(command => isNested(command) || !SHELLS.has(command.name)) : outer
}

const SHELLS = new Set(['sh', 'bash', 'ash', 'dash'])
const ALWAYS = new Set(['true', ':', 'echo', 'printf'])
/** Succeed with whatever they are given. */
const FILTERS = new Set(['cat', 'head', 'tail', 'tee', 'wc', 'sort', 'tr', 'cut', 'uniq'])

function cannotFail({ name, words, pipe, inside }: Command): boolean {
  if (inside.includes('condition')) return false
  if (ALWAYS.has(name)) return true
  if (name === 'exit') return words[1]?.value === '0'
  return FILTERS.has(name) && pipe !== undefined && pipe.part > 0
}

const sayOf = ({ words }: Command): string =>
  words
    .slice(0, 2)
    .map(({ value }) => (value.length > 20 ? `${value.slice(0, 19)}…` : value))
    .join(' ')
