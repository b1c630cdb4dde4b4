import { durationOf } from '../../durations.js'
import type { Edit, Instruction, Problem } from '../../model.js'
import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/invalid-healthcheck',
  title: 'Docker refuses this HEALTHCHECK',
  why: 'The build ends here with an error.',
  fix: 'Write HEALTHCHECK [--interval=30s] [--timeout=5s] [--start-period=10s] [--retries=3] CMD command, or HEALTHCHECK NONE.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'safe',
  over: 'dockerfile',
  mentions: ['healthcheck'],

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'HEALTHCHECK')) {
      const problem = problemOf(instruction)
      if (problem) yield problem
    }
  },

  bad: {
    Dockerfile: `FROM nginx:1.29
HEALTHCHECK --interval 30s --timeout=5s CMD ["curl", "-fsS", "http://127.0.0.1/"]
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

const OPTIONS = ['interval', 'timeout', 'start-period', 'start-interval', 'retries']

function problemOf(instruction: Instruction): Problem | undefined {
  const { flags, args, keywordAt, json } = instruction
  const [type, ...rest] = args
  if (!type) return { at: keywordAt, message: 'HEALTHCHECK needs CMD and a command, or NONE' }
  const name = type.value.toUpperCase()
  if (name === 'NONE')
    return rest[0] && { at: rest[0].at, message: 'HEALTHCHECK NONE takes no arguments: the build fails' }
  const seen = new Set<string>()
  for (const flag of flags) {
    const fault = faultOf(flag, seen.has(flag.name))
    seen.add(flag.name)
    if (!fault) continue
    const edits = isBare(flag) ? joined(instruction) : undefined
    return { at: flag.at, message: `${fault}: the build fails`, ...(edits && { edits }) }
  }
  if (name !== 'CMD')
    return { at: type.at, message: `HEALTHCHECK knows CMD and NONE, not ${type.value}: the build fails` }
  if (!rest.length && (json || !instruction.script))
    return { at: type.at, message: 'HEALTHCHECK CMD has no command: the build fails' }
  return undefined
}

type Flag = Instruction['flags'][number]

function faultOf(flag: Flag, again: boolean): string | undefined {
  const { name, value } = flag
  if (!OPTIONS.includes(name)) return `HEALTHCHECK has no option --${name}`
  if (again) return `--${name} is given twice`
  if (isBare(flag)) return `the value of --${name} goes behind =, as in --${name}=${name === 'retries' ? '3' : '30s'}`
  if (!value.value) return undefined
  if (name === 'retries') return /^\+?\d{1,9}$/.test(value.value) ? undefined : `--retries takes a whole number`
  const duration = durationOf(value.value)
  if (duration === undefined) return `--${name} takes a number with a unit, such as 30s or 1m30s`
  return duration !== 0 && duration < 1 ? `--${name} is shorter than 1ms` : undefined
}

/** `--interval 30s`: the value is a word of its own. */
const isBare = ({ name, at }: Flag): boolean => at.line === at.endLine && at.endColumn - at.column === name.length + 2

/** Puts = between each option and its value, where nothing else is wrong. */
function joined({ flags, args }: Instruction): Edit[] | undefined {
  const words = [
    ...flags
      .filter(isBare)
      .slice(-1)
      .map(({ at, name }) => ({ at, value: `--${name}` })),
    ...args
  ]
  const edits: Edit[] = []
  for (let index = 0; words[index]?.value.startsWith('--'); index++) {
    const [option, value] = [words[index]!, words[index + 1]]
    if (option.value.includes('=')) continue
    if (!value || option.at.endLine !== value.at.line || !/^\d/.test(value.value)) return undefined
    const { path, line, endColumn: column } = { ...option.at }
    edits.push({ at: { path, line, column, endLine: line, endColumn: value.at.column }, text: '=' })
    index++
  }
  return edits.length ? edits : undefined
}
