import type { Command, Place, Stage } from '../../model.js'
import { rule } from '../../rule.js'
import { actingOf, bare, copyOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/archive-copied-then-unpacked',
  title: 'Archive is copied, then unpacked by a RUN',
  why: 'The archive stays in its layer even when it is removed later: the image carries its content twice.',
  fix: 'ADD unpacks local tar archives while it copies; a bind mount makes the archive visible for one RUN only.',
  severity: 'note',
  topic: 'efficiency',
  preset: 'strict',
  over: 'dockerfile',
  mentions: ['tar', 'tgz', 'tb2', 'tbz', 'tbz2', 'tlz', 'tpz', 'txz', 'tz', 'tzst'],
  peers: { hadolint: 'DL3010' },

  *check(dockerfile) {
    let stage: Stage | undefined
    const copied = new Map<string, { at: Place; line: number }>()
    for (const { instruction } of actingOf(dockerfile)) {
      if (instruction.stage !== stage) copied.clear()
      stage = instruction.stage
      const copy = instruction.keyword === 'COPY' ? copyOf(instruction) : undefined
      if (copy && !copy.from)
        for (const { value, at } of copy.sources) {
          const name = nameOf(value)
          if (!isArchive(name)) continue
          const target = nameOf(copy.destination.value)
          copied.set(isArchive(target) ? target : name, { at, line: instruction.at.line })
        }
      if (instruction.keyword !== 'RUN' || !copied.size) continue
      for (const command of instruction.script?.commands.filter(unpacks) ?? [])
        for (const name of command.words.slice(1).map(word => nameOf(word.value))) {
          const archive = copied.get(name)
          if (!archive) continue
          copied.delete(name)
          yield {
            at: archive.at,
            message: `${name} is unpacked in line ${command.at.line} and stays in the image beside its content`
          }
        }
    }
  },

  bad: {
    Dockerfile: `FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY site.tar.gz /tmp/
RUN tar -xzf /tmp/site.tar.gz -C /srv && rm /tmp/site.tar.gz
USER nobody
`
  },
  good: {
    Dockerfile: `FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN --mount=type=bind,source=site.tar.gz,target=/tmp/site.tar.gz \\
    tar -xzf /tmp/site.tar.gz -C /srv
USER 65534
`,
    '.dockerignore': `.git
`
  }
})

const nameOf = (path: string): string => {
  const word = bare(path)
  return word.slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1)
}

/** What ADD would unpack: a tar, compressed or not. */
const isArchive = (name: string): boolean => /\.(tar|tar\.\w{1,5}|tgz|tb2|tbz2?|tlz|tpz|txz|tz|tzst)$/i.test(name)

const UNPACKERS = new Set('unzip gunzip bunzip2 unlzma unxz unzstd zgz uncompress zcat gzcat xzcat bzcat'.split(' '))

function unpacks({ name, words }: Command): boolean {
  if (UNPACKERS.has(name)) return true
  if (!/^(tar|gtar|bsdtar)$/.test(name)) return false
  return words
    .slice(1)
    .some(({ value }, index) =>
      value.startsWith('--')
        ? value === '--extract' || value === '--get'
        : (index === 0 || value[0] === '-') && /^-?[a-zA-Z]*x/.test(value)
    )
}
