import { botActors } from '../../conditions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/bot-actor',
  title: 'Bot is recognised by who started the run',
  why: 'The actor is whoever did the last thing: a person may push to a pull request of the bot, or make the bot touch theirs.',
  fix: 'Ask for the author: `github.event.pull_request.user.login`.',
  severity: 'warning',
  topic: 'security',
  preset: 'recommended',
  edits: 'suggested',
  over: 'workflow',
  mentions: ['actor', 'triggering_actor', 'actor_id', 'sender'],
  peers: { zizmor: 'bot-conditions' },

  check: botActors,

  bad: {
    '.github/workflows/ci.yml': `name: CI
on: pull_request_target
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - if: github.actor == 'dependabot[bot]'
        run: ./merge.sh
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: [pull_request, merge_group]
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - if: github.event.pull_request.user.login == 'dependabot[bot]'
        run: ./merge.sh
`
  }
})
