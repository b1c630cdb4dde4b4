import { guardedBranch, nameOf, unreadSetting, WHOLE } from '../../branch-settings.js'
import type { Bypass } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/bypass',
  title: 'Somebody may pass the rules of the target branch by',
  why: 'A rule holds for those who cannot step around it: a stolen account with a bypass merges anything, and in exempt mode no trace is left.',
  fix: 'Take the actor off the bypass list, let it bypass for pull requests only, and include administrators in classic protection.',
  severity: 'note',
  topic: 'gate',
  preset: 'strict',
  over: 'repo',

  *check(repo) {
    const branch = guardedBranch(repo)
    if (!branch) return
    if (branch.bypassKnown.is === 'unknown') yield unreadSetting(branch.bypassKnown)
    for (const { who, mode, of } of branch.bypass) {
      const message = `${who} may bypass ${of} of ${nameOf(branch)}${HOW[mode]}`
      const severity = mode === 'exempt' ? 'warning' : 'note'
      yield { at: WHOLE, message, severity, key: `bypass ${who} ${mode} ${of}` }
    }
  },

  bad: {
    head: { 'README.md': 'Hello\n' },
    branch: {
      name: 'main',
      protected: true,
      requiredChecks: [{ context: 'test', appId: 15368 }],
      bypass: [{ who: 'role admin', mode: 'exempt', of: 'ruleset main' }]
    }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'ci/test', appId: 67 }], bypass: [] }
  }
})

const HOW: Record<Bypass['mode'], string> = {
  always: ' at any time',
  pull_request: ', for pull requests alone',
  exempt: ' as if it were not there, which leaves no trace in the log'
}
