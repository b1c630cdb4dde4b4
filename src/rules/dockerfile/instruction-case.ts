import type { Instruction } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/instruction-case',
  title: 'Keyword is written in another case than the rest',
  why: 'Keywords in one case, capitals by custom, can be told from their arguments at a glance.',
  fix: 'Write it as most of the file does.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  edits: 'safe',
  over: 'dockerfile',
  peers: { buildkit: 'ConsistentInstructionCasing' },

  *check({ instructions }) {
    const small = instructions.filter(isSmall).length
    const capital = instructions.filter(({ written, keyword }) => written === keyword).length
    const cased = small > capital ? 'small letters' : 'capitals'
    for (const instruction of instructions) {
      const { keyword, keywordAt, written } = instruction
      const text = small > capital ? keyword.toLowerCase() : keyword
      if (written === text || !/[a-z]/i.test(written)) continue
      const message = `${written} stands in a file whose keywords are ${cased}`
      yield { at: keywordAt, message, edits: [{ at: keywordAt, text }] }
    }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
copy report.sh /usr/local/bin/report
USER 65532
ENTRYPOINT ["report"]
`
  },
  good: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY report.sh /usr/local/bin/report
USER 65532
HEALTHCHECK NONE
ENTRYPOINT ["report"]
`,
    '.dockerignore': `.git
`
  }
})

const isSmall = ({ written, keyword }: Instruction): boolean => written !== keyword && written === keyword.toLowerCase()
