// Start-up, throughput and memory of the committed bundle, as ratios to `node -e 0` in the same run: machines differ, ratios
// hardly. `npm run bench [-- FOLDER]`: FOLDER holds one repository a sub-folder (default ../shared/corpus/repos where it is).
// Dockerfiles come from the cases of other tools where those are at hand.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const cli = 'dist/cli/index.js'
const corpus = process.argv[2] ?? '../shared/corpus/repos'
const cases = '../shared/conformance'
const ROUNDS = 15

const scratch = mkdtempSync(join(tmpdir(), 'hygiene-bench-'))
try {
  const ten = tenFiles(join(scratch, 'ten'))
  const small = join(scratch, 'small')
  write(join(small, 'Dockerfile'), plainDockerfile(2))
  const commands = [
    ['node -e 0', ['-e', '0']],
    ['--version', [cli, '--version']],
    ['a small Dockerfile', [cli, small]],
    ['ten pipeline files', [cli, ten]]
  ]
  const times = commands.map(() => [])
  // In turn, so that a slow moment of the machine meets all of them.
  for (let round = 0; round <= ROUNDS; round++)
    commands.forEach(([, args], at) => {
      const started = performance.now()
      spawnSync(process.execPath, args, { stdio: 'ignore' })
      if (round > 0) times[at].push(performance.now() - started)
    })
  const [node, ...rest] = times.map(median)
  console.log(`node -e 0            ${node.toFixed(0)} ms`)
  for (const [at, time] of rest.entries())
    console.log(`${commands[at + 1][0].padEnd(20)} ${(time / node).toFixed(2)} × node`)
  growth(node)
  if (existsSync(corpus)) {
    throughput()
    workflows()
  } else console.log(`no folder ${corpus}: throughput not measured`)
  if (existsSync(cases)) dockerfiles()
  else console.log(`no folder ${cases}: Dockerfiles not measured`)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

/** Twice the lines should cost twice the time: what is far above that is not linear. */
function growth(node) {
  const files = {
    Dockerfile: plainDockerfile,
    'Dockerfile of stages': stages,
    'ci.yml': n =>
      `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${'      - run: npm run build\n'.repeat(n)}`
  }
  for (const [name, text] of Object.entries(files)) {
    const [small, ...cost] = [20, 5_000, 10_000].map(n => {
      const folder = join(scratch, `${name}-${n}`)
      write(join(folder, name.endsWith('.yml') ? `.github/workflows/${name}` : 'Dockerfile'), text(n))
      return median([1, 2, 3].map(() => timed([cli, folder]))) - node
    })
    const ms = cost.map(
      (whole, i) => `${(i + 1) * 5},000 lines ${whole.toFixed(0)} ms, ${(whole - small).toFixed(0)} without start-up`
    )
    console.log(`${`${name} × 2`.padEnd(24)} ${(cost[1] / cost[0]).toFixed(2)} × (${ms.join('; ')})`)
  }
}

function plainDockerfile(lines) {
  return `FROM node:22-slim\n${'RUN echo one && \\\n    echo two\n'.repeat(lines / 2)}CMD ["node"]\n`
}

/** What large Dockerfiles are made of: stages that install, download, copy and set variables. */
function stages(lines) {
  const stage = n => `FROM debian:12-slim AS stage${n}
LABEL org.opencontainers.image.title="part ${n}" org.opencontainers.image.vendor="Example"
ARG VERSION_${n}=1.${n}.0
ENV APP_HOME=/srv/app${n} \\
    APP_VERSION=$VERSION_${n} \\
    LANG=C.UTF-8
WORKDIR $APP_HOME
RUN apt-get update && \\
    apt-get install -y --no-install-recommends ca-certificates curl python3-pip && \\
    rm -rf /var/lib/apt/lists/*
# The tool that the service calls.
RUN curl -fsSL https://example.com/tool-$VERSION_${n}.tar.gz -o /tmp/tool.tar.gz && \\
    tar -xzf /tmp/tool.tar.gz -C /usr/local/bin && \\
    rm /tmp/tool.tar.gz
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY --chown=1000:1000 src/part${n}/ ./src/
RUN if [ "$APP_VERSION" != "" ]; then echo "$APP_VERSION" > version.txt; else exit 1; fi
EXPOSE ${8000 + (n % 1000)}
USER 1000
`
  return Array.from({ length: lines / 20 }, (_, n) => stage(n)).join('')
}

/** The repositories of the corpus as items: all files of each, or those that pass. */
function repositories(filter = 'true') {
  return `
    const walk = d => readdirSync(d).flatMap(n => { const p = join(d, n); return statSync(p).isDirectory() ? walk(p) : [p] })
    const root = ${JSON.stringify(corpus)}
    const items = readdirSync(root).map(r => Object.fromEntries(walk(join(root, r)).map(f => [relative(join(root, r), f), f]).filter(([path]) => ${filter}).map(([path, f]) => [path, readFileSync(f, 'utf8')])))`
}

function throughput() {
  const { items, files, took, maxRSS } = measured(repositories())
  console.log(
    `${items} repositories      ${files} files in ${(took / 1000).toFixed(2)} s: ${Math.round((files / took) * 1000)} files/s, peak ${Math.round(maxRSS / 1024)} MB`
  )
}

/** With every rule on that is about workflows and actions. */
function workflows() {
  const only = repositories('/^\\.github\\/workflows\\/[^/]+\\.ya?ml$/.test(path)')
  const { files, took } = measured(only, "rules: ['workflow/*', 'action/*'], config: { preset: 'all' }")
  console.log(`${files} workflows        ${(took / 1000).toFixed(2)} s`)
}

/** Each as a repository of its own, with every rule on. */
function dockerfiles() {
  const { items, took } = measured(`
    const suites = ['hadolint', 'buildkit', 'trivy-docker', 'checkov-dockerfile']
    const items = suites.flatMap(suite => readFileSync(join(${JSON.stringify(cases)}, suite + '.jsonl'), 'utf8').trim().split('\\n').map(line => JSON.parse(line).files))`)
  console.log(`${items} Dockerfiles      ${(took / 1000).toFixed(2)} s`)
}

/** Runs the library over `items` that a piece of program collects, in a process of its own. External linters are off. */
function measured(collect, asked = "rules: 'all'") {
  const program = `
    const { inspectFiles } = await import(${JSON.stringify(join(process.cwd(), 'lib/api.js'))})
    const { readFileSync, readdirSync, statSync } = await import('node:fs')
    const { join, relative } = await import('node:path')
    ${collect}
    const started = performance.now()
    for (const files of items) await inspectFiles(files, { ${asked}, shellcheck: false, pyflakes: false })
    const took = performance.now() - started
    const files = items.reduce((sum, each) => sum + Object.keys(each).length, 0)
    console.log(JSON.stringify({ items: items.length, files, took, maxRSS: process.resourceUsage().maxRSS }))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  if (!stdout) throw new Error(stderr)
  return JSON.parse(stdout)
}

/** Two services and what builds, tests and deploys them: two each of workflow, Dockerfile, ignore file, compose file, manifest. */
function tenFiles(folder) {
  for (const service of ['shop', 'stock']) {
    cpSync('examples/good', join(folder, service), { recursive: true })
    cpSync(join(folder, service, '.github/workflows/ci.yml'), join(folder, `.github/workflows/${service}.yml`))
  }
  return folder
}

function write(path, text) {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
}

function timed(args) {
  const started = performance.now()
  spawnSync(process.execPath, args, { stdio: 'ignore' })
  return performance.now() - started
}

function median(list) {
  const sorted = [...list].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}
