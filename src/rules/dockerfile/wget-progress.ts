import { imageFacts } from '../../data/base-images.js'
import type { Stage, Word } from '../../model.js'
import { packageCallsOf } from '../../packages.js'
import { afterOf } from '../../query.js'
import { rule } from '../../rule.js'
import { actingOf, baseOf, chainOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/wget-progress',
  title: 'wget fills the build log with its progress',
  why: 'A build has no terminal, so that each dot of the progress becomes a line in which an error is hard to find.',
  fix: 'Add -nv, which leaves one line a file, or --progress=dot:giga.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  edits: 'safe',
  over: 'dockerfile',
  mentions: ['wget'],
  peers: { hadolint: 'DL3047' },

  *check(dockerfile) {
    const options = new Map<Stage | undefined, string>()
    for (const { instruction, written } of actingOf(dockerfile, 'RUN'))
      for (const { name, words } of instruction.script?.commands ?? []) {
        const [program, ...args] = words
        if (name !== 'wget' || !program || args.some(isQuiet)) continue
        const option = options.get(written.stage) ?? quietOf(written.stage)
        options.set(written.stage, option)
        const edits = instruction.json ? [] : [{ at: afterOf(program.at), text: option }]
        yield { at: program.at, message: 'wget writes its progress to the build log', edits }
      }
  },

  bad: {
    Dockerfile: `FROM buildpack-deps:trixie-curl@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN wget https://example.com/tool-1.4.2.tar.gz
USER 65532
`
  },
  good: {
    Dockerfile: `FROM buildpack-deps:trixie-curl@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN wget -nv https://example.com/tool-1.4.2.tar.gz
USER 65532
`,
    '.dockerignore': `.git
`
  }
})

/** BusyBox takes -nv and goes on as before; with -q the other wget keeps its errors to itself. */
function quietOf(stage: Stage | undefined): string {
  const base = stage && baseOf(stage)
  if (base === undefined || !imageFacts(base)?.tools?.includes('busybox-wget')) return ' -nv'
  const installs = chainOf(stage!)
    .flatMap(({ instructions }) => instructions.flatMap(packageCallsOf))
    .some(({ action, packages }) => action === 'install' && packages.some(({ value }) => /^wget\b/.test(value)))
  return installs ? ' -nv' : ' -q'
}

const QUIET = ['--progress', '--quiet', '--no-verbose', '--output-file', '--append-output', '--version', '--help']
/** Short options whose value follows in the same word or the next. */
const VALUED = 'OPUtTwQiBIADRXl'

function isQuiet({ value }: Word): boolean {
  if (value.startsWith('--')) return QUIET.includes(value.split('=')[0]!)
  if (!value.startsWith('-')) return false
  for (let at = 1; at < value.length && at < 20 && !VALUED.includes(value[at]!); at++)
    if ('qoaVh'.includes(value[at]!) || value.startsWith('nv', at)) return true
  return false
}
