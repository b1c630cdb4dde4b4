import { servedImage } from '../../examples.js'
import type { Edit, Instruction, Peers, Stage } from '../../model.js'
import { rule } from '../../rule.js'

const PEERS: Record<string, Peers> = {
  CMD: { hadolint: 'DL4003', buildkit: 'MultipleInstructionsDisallowed', 'trivy-docker': 'DS-0016' },
  ENTRYPOINT: { hadolint: 'DL4004', buildkit: 'MultipleInstructionsDisallowed', 'trivy-docker': 'DS-0007' },
  HEALTHCHECK: { hadolint: 'DL3012', buildkit: 'MultipleInstructionsDisallowed', 'trivy-docker': 'DS-0023' }
}

export default rule({
  id: 'dockerfile/repeated-instruction',
  title: 'Instruction has no effect, since the stage repeats it',
  why: 'Of several CMD, ENTRYPOINT or HEALTHCHECK in one stage only the last counts: whoever reads or mends the earlier one is misled.',
  fix: 'Keep the one that is meant. A script, or && in one command, runs several things.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'safe',
  over: 'dockerfile',
  mentions: ['cmd', 'entrypoint', 'healthcheck'],
  peers: {
    hadolint: ['DL4003', 'DL4004', 'DL3012'],
    buildkit: 'MultipleInstructionsDisallowed',
    'trivy-docker': ['DS-0016', 'DS-0007', 'DS-0023']
  },

  *check({ instructions }) {
    const last = new Map<string, Instruction>()
    let stage: Stage | undefined
    for (const instruction of instructions) {
      if (instruction.stage !== stage) last.clear()
      stage = instruction.stage
      const { keyword } = instruction
      const peers = PEERS[keyword]
      if (!peers) continue
      const before = last.get(keyword)
      last.set(keyword, instruction)
      if (!before) continue
      const message = `this ${keyword} has no effect: the one in line ${instruction.at.line} takes its place`
      yield { at: before.keywordAt, message, peers, edits: [withoutIt(before)] }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim
CMD ["node", "migrate.js"]
CMD ["node", "server.js"]
`
  },
  good: servedImage
})

/** Its lines go; another instruction comes after it. */
function withoutIt({ at }: Instruction): Edit {
  return { at: { ...at, column: 1, endLine: at.endLine + 1, endColumn: 1 }, text: '' }
}
