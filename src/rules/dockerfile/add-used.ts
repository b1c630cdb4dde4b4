import type { Peers } from '../../model.js'
import { rule } from '../../rule.js'
import { actingOf, bare, copyOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/add-used',
  title: 'ADD is used',
  why: 'What ADD does depends on the name and the bytes of its source: it downloads, clones, unpacks or copies.',
  fix: 'COPY the file and unpack it in a RUN, or download it there and check its sum.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  over: 'dockerfile',
  mentions: ['add'],

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'ADD')) {
      const { keywordAt, flags } = instruction
      const sources = copyOf(instruction)?.sources.map(({ value }) => bare(value)) ?? []
      const special = sources.find(source => SPECIAL.test(source))
      // Plain files are add-instead-of-copy's matter, downloads without a sum those of download-without-checksum.
      if (!special || (/^https?:/i.test(special) && !flags.some(({ name }) => name === 'checksum'))) continue
      const peers: Peers = { 'checkov-dockerfile': 'CKV_DOCKER_4' }
      if (!sources.some(source => /\.tar|https?:\/\/|git@/.test(source))) peers['trivy-docker'] = 'DS-0005'
      yield { at: keywordAt, message: `what ADD does with ${special} shows only in the build`, peers }
    }
  },

  bad: {
    Dockerfile: `FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
ADD site.tar.gz /srv/
USER nobody
`
  },
  good: {
    Dockerfile: `FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY site/ /srv/
USER 65534
`,
    '.dockerignore': `.git
`
  }
})

const SPECIAL =
  /^(https?:\/\/|git:\/\/|ssh:\/\/|git@)|\.(tar|tgz|tb2|tbz2?|tlz|tpz|txz|tz|z|gz|bz2|lz|lzma|xz|zst)$|\$|\*$/i
