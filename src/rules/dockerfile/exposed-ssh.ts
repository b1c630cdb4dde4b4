import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/exposed-ssh',
  title: 'Image offers SSH',
  why: 'A second way in, with keys and passwords of its own that nobody rotates; docker exec and kubectl exec need none.',
  fix: 'Take the SSH server and its port out; where the image is one (a Git server), serve it on a port above 1024.',
  severity: 'warning',
  topic: 'security',
  preset: 'strict',
  over: 'dockerfile',
  mentions: ['22'],
  peers: { 'trivy-docker': 'DS-0004', 'checkov-dockerfile': 'CKV_DOCKER_1' },

  *check({ instructions }) {
    for (const { keyword, args } of instructions)
      if (keyword === 'EXPOSE')
        for (const { value, at } of args)
          if (/^22(\/tcp)?$/i.test(value)) yield { at, message: `port ${value} is for logins by SSH` }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
EXPOSE 8080 22
USER 65532
`
  },
  good: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
EXPOSE 8080
USER 65532
HEALTHCHECK NONE
`
  }
})
