import type { Heredoc } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/unclosed-heredoc',
  title: 'Heredoc is never closed',
  why: 'Everything to the end of the file is taken for its text: the instructions below it are gone, and the build fails.',
  fix: 'End it with a line that holds its name and nothing else, and put a blank behind the name where it begins.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'dockerfile',

  *check({ instructions }) {
    for (const { heredocs, keyword } of instructions) {
      // Behind one that swallows the rest there can be no other.
      const open = heredocs.find(heredoc => heredoc.open)
      if (open) yield { at: open.at, message: `${keyword} reads to the end of the file: ${whyOf(open)}` }
    }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY <<END /usr/local/bin/report
#!/bin/sh
echo report
EOF
USER 65532
ENTRYPOINT ["report"]
`
  },
  good: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY <<END /usr/local/bin/report
#!/bin/sh
echo report
END
USER 65532
HEALTHCHECK NONE
ENTRYPOINT ["report"]
`,
    '.dockerignore': `.git
`
  }
})

function whyOf({ name, quoted, body }: Heredoc): string {
  const shown = name.slice(0, 40)
  const plain = quoted ? null : /^(\w+)([;|&)>]\S*)$/.exec(name)
  if (plain) return `its name is '${shown}', since no blank parts ${plain[1]!.slice(0, 40)} from what follows`
  const line = body.value.split('\n', 2000).findIndex(text => text.trim() === name)
  if (line >= 0) return `line ${body.at.line + line} has blanks beside ${shown}`
  return `no line is '${shown}' alone`
}
