import { type WholeCopy, wholeCopiesOf } from '../../build-context.js'
import { isPlain } from '../../ignore.js'
import type { Dockerfile, Edit } from '../../model.js'
import { afterOf } from '../../query.js'
import { rule } from '../../rule.js'
import { sideOf } from '../../units.js'

export default rule({
  id: 'dockerfile/unwanted-files-copied',
  title: 'COPY brings .git or secrets into the image',
  why: 'Whoever has the image has the history of the repository, the credentials in .git/config and every file that was meant to stay here, even when a later instruction removes them; and each commit rebuilds all layers after it.',
  fix: 'List them in .dockerignore, or copy only the folders that the image needs.',
  severity: 'warning',
  topic: 'security',
  preset: 'recommended',
  edits: 'suggested',
  over: 'repo',

  *check(repo) {
    for (const dockerfile of repo.dockerfiles) {
      if (sideOf(dockerfile.path)) continue
      let asksGit: boolean | undefined
      for (const copy of wholeCopiesOf(repo, dockerfile)) {
        if (!copy.ships || !copy.leaks.length) continue
        asksGit ??= usesGit(dockerfile)
        const edits = asksGit ? undefined : editsOf(copy)
        yield { at: copy.source.at, message: messageOf(copy), ...(edits && { edits }) }
      }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /app
COPY . .
USER node
`,
    '.dockerignore': `node_modules
`
  },
  good: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /app
COPY . .
USER 1000
`,
    '.dockerignore': `.git
node_modules
.env*
`
  }
})

function messageOf({ leaks: [first, ...more], ignore }: WholeCopy): string {
  const others = more.length ? ` and ${more[0]}${more.length > 1 ? ` (and ${more.length - 1} more)` : ''}` : ''
  const why =
    ignore === 'none' ? 'there is no .dockerignore' : `${ignore.path} lets ${more.length ? 'them' : 'it'} through`
  return `${first}${others} ${more.length ? 'are' : 'is'} copied into the image: ${why}`
}

/** The missing lines, at the end of the ignore file: the last pattern that matches decides. */
function editsOf({ ignore, leaks }: WholeCopy): Edit[] | undefined {
  const last = ignore === 'none' ? undefined : ignore.lines.at(-1)
  if (!last || !leaks.every(isPlain)) return undefined
  return [{ at: afterOf(last.at), text: leaks.map(leak => `\n${leak}`).join('') }]
}

/** Does the build itself ask git for something, such as a version? Then it needs the folder, in an earlier stage. */
const usesGit = ({ instructions }: Dockerfile): boolean =>
  instructions.some(({ script }) =>
    script?.commands.some(({ name, words }) => name === 'git' || words.some(({ value }) => value.includes('.git')))
  )
