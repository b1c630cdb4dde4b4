import type { Dockerfile, Place, Text } from '../../model.js'
import { rule } from '../../rule.js'
import { expand, PLATFORM_VARIABLES } from '../../stages.js'
import { nearest } from '../../words.js'

export default rule({
  id: 'dockerfile/undefined-base-variable',
  title: 'FROM uses a variable that is not declared before it',
  why: 'The variable is empty, whatever --build-arg says: FROM sees only the ARG above the first FROM and the platforms.',
  fix: 'Declare it with ARG above the first FROM, or mend its name.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'dockerfile',
  peers: { buildkit: 'UndefinedArgInFrom' },

  *check(dockerfile) {
    const declared = new Set([...dockerfile.globals.map(({ name }) => name.value), ...PLATFORM_VARIABLES.keys()])
    const hintOf = hintsFor(declared, dockerfile)
    for (const { image, platform } of dockerfile.stages)
      for (const text of platform ? [platform, image] : [image])
        for (const name of namesIn(text.value, dockerfile)) {
          if (declared.has(name)) continue
          yield {
            at: placeOf(name, text),
            message: `${name} is not declared above the first FROM, so it is empty${hintOf(name)}`
          }
        }
  },

  bad: {
    Dockerfile: `ARG RUNTIME=1.4.2
FROM acme/runtime:$RUNTIM
COPY report.sh /usr/local/bin/report
USER 65532
ENTRYPOINT ["report"]
`
  },
  good: {
    Dockerfile: `ARG RUNTIME=1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
FROM acme/runtime:$RUNTIME
COPY report.sh /usr/local/bin/report
USER 65532
HEALTHCHECK NONE
ENTRYPOINT ["report"]
`,
    '.dockerignore': `.git
`
  }
})

function namesIn(text: string, dockerfile: Dockerfile): Set<string> {
  const names = new Set<string>()
  if (text.includes('$')) expand(text, name => void names.add(name), dockerfile.escape, '')
  return names
}

function placeOf(name: string, text: Text): Place {
  const braced = text.value.indexOf(`\${${name}`)
  const at = braced < 0 ? text.value.indexOf(`$${name}`) + 1 : braced + 2
  return at < 1 ? text.at : text.part(at, at + name.length)
}

/** What may have been meant, by name. Only the first few are looked for: each is held against every declared name. */
function hintsFor(declared: Set<string>, { instructions }: Dockerfile): (name: string) => string {
  const below = new Map<string, number>()
  for (const { keyword, stage, pairs, at } of instructions)
    if (keyword === 'ARG' && stage)
      for (const { name } of pairs) if (!below.has(name.value)) below.set(name.value, at.line)
  const known = [...declared].slice(0, MAX_NAMES)
  const plain = new Map(known.map(name => [name.toLowerCase().replaceAll('_', '-'), name]))
  const hints = new Map<string, string>()
  return name => {
    const line = below.get(name)
    if (line !== undefined) return `: the ARG of line ${line} is for its stage alone`
    const before = hints.get(name)
    if (before !== undefined || hints.size >= MAX_NAMES) return before ?? ''
    const meant = plain.get(nearest(name, plain.keys()) ?? '')
    const hint = meant ? `: ${meant} is` : ''
    hints.set(name, hint)
    return hint
  }
}
const MAX_NAMES = 100
