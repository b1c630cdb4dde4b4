import { schedulesOf } from '../../cron.js'
import { rule } from '../../rule.js'
import { quoted } from '../../words.js'

export default rule({
  id: 'workflow/unknown-timezone',
  title: 'Schedule names a time zone that does not exist',
  why: 'GitHub takes names of the IANA database alone, such as Europe/Berlin: with another the schedule is refused.',
  fix: 'Write the zone as the IANA database does; leave it out for UTC.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['timezone'],
  peers: { actionlint: 'events' },

  *check(workflow) {
    for (const { timezone } of schedulesOf(workflow)) {
      if (!timezone?.value || timezone.value.includes('${{')) continue
      if (!isZone(timezone.value))
        yield { at: timezone.at, message: `${quoted(timezone.value)} is no time zone of the IANA database` }
      else if (!timezone.value.includes('/'))
        yield {
          at: timezone.at,
          message: `${quoted(timezone.value)} is an abbreviation: name a place, or leave the zone out for UTC`,
          severity: 'note'
        }
    }
  },

  bad: {
    '.github/workflows/nightly.yml': `on:
  schedule:
    - cron: '17 3 * * *'
      timezone: Berlin
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make test
`
  },
  good: {
    '.github/workflows/nightly.yml': `name: Nightly
on:
  schedule:
    - cron: '17 3 * * *'
      timezone: Europe/Berlin
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make test
`
  }
})

function isZone(name: string): boolean {
  // An offset is taken by the formatter, and by nobody else.
  if (!/^[A-Za-z]/.test(name) || name.length > 60) return false
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}
