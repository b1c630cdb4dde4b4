import { imageFacts } from '../../data/base-images.js'
import type { Instruction, Problem, Stage, Word } from '../../model.js'
import { flagOf, packageCallsOf } from '../../packages.js'
import { rule } from '../../rule.js'
import { chainOf, stateOf } from '../../stages.js'
import { sideOf } from '../../units.js'

export default rule({
  id: 'dockerfile/build-tools-in-image',
  title: 'Build tools are shipped with the program',
  why: 'Compilers and headers are often most of the image, nothing calls them at run time, and they are at hand for whoever breaks in.',
  fix: 'Compile in a stage of its own and copy the result with COPY --from; or remove the tools in the RUN that installs them.',
  severity: 'note',
  topic: 'efficiency',
  preset: 'strict',
  over: 'dockerfile',
  mentions: ['cmd', 'entrypoint'],

  *check({ path, stages }) {
    const last = stages.at(-1)
    if (!last || sideOf(path) || sideOf(last.name?.value ?? '') || !isProgram(last)) return
    const problem = toolchainOf(last)
    if (problem) yield problem
    for (const instruction of chainOf(last).flatMap(stage => stage.instructions)) {
      const tools = toolsLeftBy(instruction)
      const [first] = tools
      if (first)
        yield {
          at: first.at,
          message: `${tools
            .map(({ value }) => value)
            .slice(0, 4)
            .join(', ')} ${tools.length > 1 ? 'stay' : 'stays'} in the image that is shipped`,
          key: tools.map(({ value }) => value).join(' ')
        }
    }
  },

  bad: {
    Dockerfile: `FROM python:3.14-slim@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
USER nobody
CMD ["python", "-m", "app"]
`
  },
  good: {
    Dockerfile: `FROM python:3.14@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1 AS build
WORKDIR /src
COPY requirements.txt .
RUN pip install --no-cache-dir --prefix /install -r requirements.txt

FROM python:3.14-slim@sha256:0aecac02dc3d4c5dbb024b753af084cafe41f5416e02193f1ce345d671ec966e
COPY --from=build /install /usr/local
USER 65534
HEALTHCHECK NONE
CMD ["python", "-m", "app"]
`,
    '.dockerignore': `.git
`
  }
})

/** Something starts in it, and it is not the build itself. */
function isProgram(stage: Stage): boolean {
  const { cmd, entrypoint } = stateOf(stage)
  const words = [entrypoint, cmd].flatMap(
    instruction => instruction?.script?.commands.flatMap(({ words }) => words) ?? []
  )
  if (!words.length) return false
  return !words.some(({ value }) => mayBuild(value.slice(value.lastIndexOf('/') + 1)))
}

/** A program that calls a compiler, or a person who may. */
const mayBuild = (name: string): boolean => BUILDERS.has(name) || name.includes('build') || name.includes('compile')
const BUILDERS = new Set(
  'sh bash zsh make cmake gcc g++ go cargo rustc mvn mvnw gradle gradlew dotnet watch dev test pytest sbt swift stack ghc mix iex air cargo-watch'.split(
    ' '
  )
)

/** A last stage on the image of a toolchain, which only runs what was built. */
function toolchainOf(stage: Stage): Problem | undefined {
  const [root] = chainOf(stage)
  const base = root?.base
  const facts = base === undefined ? undefined : imageFacts(base)
  if (!root || facts?.kind !== 'builder' || !COMPILED.has(facts.language ?? '')) return undefined
  return { at: root.image.at, message: `${base!.split('@')[0]} is a toolchain, and the image only runs what it built` }
}
const COMPILED = new Set(['go', 'rust', 'java', 'c', 'dotnet', 'swift', 'haskell', 'scala'])

function toolsLeftBy(instruction: Instruction): Word[] {
  const calls = packageCallsOf(instruction).filter(({ manager }) => SYSTEM.has(manager))
  const removed = new Set(
    calls.filter(({ action }) => action === 'remove').flatMap(({ packages }) => packages.map(({ value }) => value))
  )
  // What a computed list removes, or takes with the tools that nothing needs any more.
  if ([...removed].some(name => name.includes('$'))) return []
  const tools = calls
    .filter(call => call.action === 'install' || call.action === 'group-install')
    .filter(call => !removed.has(flagOf(call, '-t', '--virtual')?.value ?? ''))
    .flatMap(({ packages }) => packages.filter(({ value }) => !removed.has(value)))
  return tools.some(isTool) ? tools.filter(word => isTool(word) || isHeaders(word)) : []
}

const nameOf = ({ value }: Word): string => value.split('=', 1)[0]!
const isTool = (word: Word): boolean => TOOLS.has(nameOf(word).replace(/-\d{1,2}$/, ''))
const isHeaders = (word: Word): boolean => /-(dev|devel)$/.test(nameOf(word))
const TOOLS = new Set([
  'Development Tools',
  ...'@development-tools build-essential build-base base-devel gcc g++ gcc-c++ clang make cmake ninja-build meson autoconf automake rustc cargo golang golang-go go maven musl-dev linux-headers python-dev python3-dev ruby-dev'.split(
    ' '
  )
])
const SYSTEM = new Set(['apt-get', 'apt', 'aptitude', 'apk', 'yum', 'dnf', 'microdnf', 'zypper'])
