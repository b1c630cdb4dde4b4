import { imageFacts } from '../../data/base-images.js'
import type { ComposeService, Edit } from '../../model.js'
import { keyOf, rule } from '../../rule.js'
import { sinceWhen } from '../../units.js'

export default rule({
  id: 'compose/no-healthcheck',
  title: 'Service that others need has no health check',
  why: 'Services that depend on it start before it answers, and nothing notices when it hangs.',
  fix: 'Add a healthcheck, and let those who need the service wait for condition: service_healthy.',
  severity: 'warning',
  topic: 'health',
  preset: 'recommended',
  edits: 'suggested',
  over: 'repo',

  *check(repo) {
    const units = repo.units.filter(unit => unit.kind === 'compose-service')
    const services = new Map(repo.composes.flatMap(compose => compose.services.map(each => [keyOf(each.at), each])))
    for (const unit of units) {
      const { at, health, why } = unit
      if (health !== 'no') continue
      const service = services.get(keyOf(at))
      const edits = service && editsFor(service)
      yield { at, message: `${why}${sinceWhen(repo, unit)}`, ...(edits && { edits }) }
    }
    const [first, ...more] = units.filter(({ health }) => health === 'unknown')
    const others = more.length ? ` (and ${more.length} more)` : ''
    if (first) yield { what: 'health checks of compose services', reason: `${first.why}${others}`, at: first.at }
  },

  bad: {
    'compose.yml': `services:
  shop:
    image: registry.example.com/shop:1.4
    depends_on: [db]
  db:
    image: postgres:17.2
`
  },
  good: {
    'compose.yml': `services:
  shop:
    image: registry.example.com/shop:1.4
    depends_on:
      db:
        condition: service_healthy
  db:
    image: postgres:17.2
    healthcheck:
      test: ["CMD", "pg_isready", "-h", "127.0.0.1", "-U", "postgres"]
      interval: 10s
      timeout: 5s
      retries: 5
      start_period: 30s
`
  }
})

/** For images whose own client can ask them: a check as the first key of the service. */
function editsFor(service: ComposeService): Edit[] | undefined {
  const { path, line, column } = service.at
  const [entry] = service.yaml.entries
  if (!service.image || service.build || service.healthcheck || !entry || entry.key.value === '<<') return undefined
  const probe = imageFacts(service.image.value)?.probe
  if (!probe || probe.some(word => word.includes('PORT'))) return undefined
  const first = entry.key.at
  // A service written as an alias or in braces has no line of its own to put the check on.
  if (first.path !== path || first.line <= line || first.column <= column) return undefined
  const blanks = ' '.repeat(first.column - 1)
  // Compose would put variables in before the container sees them.
  const test = JSON.stringify(probe).replaceAll('$', '$$$$')
  const at = { ...first, endLine: first.line, endColumn: first.column }
  return [
    {
      at,
      text: [
        'healthcheck:',
        `  test: ${test}`,
        '  interval: 10s',
        '  timeout: 5s',
        '  retries: 5',
        '  start_period: 30s',
        ''
      ].join(`\n${blanks}`)
    }
  ]
}
