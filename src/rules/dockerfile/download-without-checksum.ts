import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/download-without-checksum',
  title: 'ADD takes a file from the network unseen',
  why: 'Whatever the address serves on the day of the build goes into the image, and two builds of one commit may differ.',
  fix: 'Add --checksum=sha256:…, and the builder compares. For Git name the commit instead of a branch.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'strict',
  over: 'dockerfile',
  mentions: ['add'],

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'ADD')) {
      const { args, flags } = instruction
      if (flags.some(({ name }) => name === 'checksum')) continue
      for (const { value, at } of args.slice(0, -1)) {
        const address = value.replace(/^["']/, '')
        if (!isRemote(address) || isPinned(address)) continue
        const message = 'nothing compares what this address serves with what it served when you looked'
        // Other addresses are add-used's for those who count every ADD.
        yield { at, message, ...(/^https?:/i.test(address) && { peers: { 'checkov-dockerfile': 'CKV_DOCKER_4' } }) }
      }
    }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
ADD https://example.com/agent-2.1.0.jar /opt/
USER 65532
`
  },
  good: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --chmod=755 agent.jar /opt/
USER 65532
HEALTHCHECK NONE
`,
    '.dockerignore': `.git
`
  }
})

const isRemote = (source: string): boolean => /^(https?:\/\/|git@|ssh:\/\/git@|git:\/\/)/i.test(source)
/** A Git repository at a commit. */
const isPinned = (source: string): boolean => /#[0-9a-f]{40}(:|$)|[?&]checksum=/.test(source)
