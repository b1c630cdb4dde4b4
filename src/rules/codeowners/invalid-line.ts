import { rule } from '../../rule.js'

export default rule({
  id: 'codeowners/invalid-line',
  title: 'GitHub skips a line of CODEOWNERS',
  why: 'A line that GitHub does not understand is left out without a word: nobody is asked for a review.',
  fix: 'Write a pattern without `!`, `[ ]` and escapes, and owners as @user, @organization/team or an e-mail address.',
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check({ codeowners: [file] }) {
    for (const { at, message } of file?.wrong ?? []) yield { at, message: `GitHub skips this line: ${message}` }
  },

  bad: {
    '.github/CODEOWNERS': '* @acme/team\n!/docs/ @acme/writers\n/.github/ acme/platform\n'
  },
  good: {
    '.github/CODEOWNERS': '* @acme/team\n/.github/ @acme/platform ops@acme.example\n/.github/CODEOWNERS\n'
  }
})
