import type { Command, Edit, Instruction } from '../../model.js'
import { healthchecksOf, type Probe, probesOf } from '../../probes.js'
import { afterOf } from '../../query.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/healthcheck-ignores-status',
  title: 'Health check takes an error page for health',
  why: 'Without --fail curl succeeds with every answer: a server that says 500 to everything is called healthy.',
  fix: 'Add -f (--fail), as in curl -fsS.',
  severity: 'warning',
  topic: 'health',
  preset: 'recommended',
  edits: 'suggested',
  over: 'dockerfile',
  mentions: ['healthcheck'],

  *check(dockerfile) {
    for (const { instruction } of healthchecksOf(dockerfile))
      for (const probe of probesOf(instruction)) {
        if (probe.tool !== 'curl' || !probe.targets.length || asksForStatus(probe)) continue
        const { words } = probe.command
        yield {
          at: words[0]!.at,
          message: 'curl succeeds with every answer, an error page too: -f is missing',
          edits: [withFail(probe.command, instruction)]
        }
      }
  },

  bad: {
    Dockerfile: `FROM nginx:1.29
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-sS", "http://127.0.0.1/"]
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

// -f may stand in a bundle such as -sfL.
const FAILS = /^(-[a-zA-Z0-9#]{0,20}f[a-zA-Z0-9#]{0,20}|--fail(-with-body|-early)?|-K|--config)$/

/** -f is given or may be, something else reads the answer, or the outcome is lost anyway. */
function asksForStatus({ command, targets }: Probe): boolean {
  const { words, lost, pipe, inside } = command
  if (lost || (pipe && !pipe.last) || inside.includes('substitution')) return true
  const asked = new Set(targets.map(({ word }) => word))
  return words.some(
    word => FAILS.test(word.value) || (!word.literal && !asked.has(word) && !word.value.startsWith('-'))
  )
}

function withFail({ words, inside }: Command, { json }: Instruction): Edit {
  const at = afterOf(words[0]!.at)
  if (!json || inside.includes('nested-shell')) return { at, text: ' -f' }
  // Behind the quote.
  const column = at.column + 1
  return { at: { ...at, column, endColumn: column }, text: ', "-f"' }
}
