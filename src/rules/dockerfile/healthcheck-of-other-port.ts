import { imageFacts } from '../../data/base-images.js'
import { servedImage } from '../../examples.js'
import type { Stage } from '../../model.js'
import { healthchecksOf, probesOf } from '../../probes.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/healthcheck-of-other-port',
  title: 'Health check asks a port that the image does not name',
  why: 'Where nothing listens there the container never becomes healthy; where something does, it is not what others use.',
  fix: 'Ask the port of EXPOSE, or expose the one that is asked where it is meant.',
  severity: 'note',
  topic: 'health',
  preset: 'strict',
  over: 'dockerfile',
  mentions: ['healthcheck'],

  *check(dockerfile) {
    const ports = new Map<Stage, Ports>()
    for (const { instruction, written } of healthchecksOf(dockerfile)) {
      const { stage } = written
      if (!stage) continue
      for (const { word, port } of probesOf(instruction).flatMap(probe => probe.targets)) {
        const exposed = port === undefined ? undefined : exposedInstead(port, stage, ports)
        if (exposed) yield { at: word.at, message: `the check asks port ${port}, and the image exposes ${exposed}` }
      }
    }
  },

  bad: {
    Dockerfile: `FROM node:22
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "http://127.0.0.1:8080/"]
CMD ["node", "server.js"]
`
  },
  good: servedImage
})

/** What one stage says of ports. */
interface Ports {
  exposed: string | undefined
  isComputed: boolean
  ranges: [number, number][]
  /** Every number that may be one. */
  numbers: Set<number>
}

/** Longer chains of stages are not written by hand. */
const MAX_CHAIN = 50

/** What an image exposes that names this port nowhere. Undefined where it does, exposes none, or one that is computed. */
function exposedInstead(port: number, stage: Stage, known: Map<Stage, Ports>): string | undefined {
  let exposed: string | undefined
  let length = 0
  for (let each: Stage | undefined = stage; each; each = each.parent) {
    if (++length > MAX_CHAIN) return undefined
    let ports = known.get(each)
    if (!ports) {
      ports = portsOf(each)
      known.set(each, ports)
    }
    if (ports.isComputed || ports.numbers.has(port)) return undefined
    if (ports.ranges.some(([from, to]) => from <= port && port <= to)) return undefined
    exposed ??= ports.exposed
  }
  return exposed
}

function portsOf({ base, instructions }: Stage): Ports {
  const usual = base === undefined ? undefined : imageFacts(base)?.ports
  const ports: Ports = { exposed: undefined, isComputed: false, ranges: [], numbers: new Set(usual) }
  for (const { keyword, args, pairs, body } of instructions) {
    if (keyword === 'EXPOSE') for (const { value } of args) noteExposed(value, ports)
    const texts = keyword === 'ENV' || keyword === 'ARG' ? pairs.map(({ value }) => value?.value ?? '') : []
    if (/^(CMD|ENTRYPOINT|RUN|LABEL)$/.test(keyword)) texts.push(body.value)
    for (const text of texts) for (const [number] of text.matchAll(/\d+/g)) ports.numbers.add(Number(number))
  }
  return ports
}

function noteExposed(value: string, ports: Ports): void {
  const [, from, to] = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/\w{2,9})?$/.exec(value) ?? []
  ports.exposed ??= value
  if (!from) ports.isComputed = true
  else if (!to) ports.numbers.add(Number(from))
  else if (ports.ranges.length < MAX_RANGES) ports.ranges.push([Number(from), Number(to)])
  else ports.isComputed = true
}

const MAX_RANGES = 100
