import type { Pipeline, Repo } from './model.js'

const EXTERNAL: [name: string, test: (path: string) => boolean][] = [
  ['Buildkite', path => /^\.buildkite\/[^/]*pipeline[^/]*$|^\.buildkite\/[^/]+\.ya?ml$/.test(path)],
  ['CircleCI', path => /^\.circleci\/config\.ya?ml$/.test(path)],
  ['Jenkins', path => /^(ci\/|\.ci\/|jenkins\/|\.jenkins\/)?Jenkinsfile(\.[\w-]+)?$/.test(path)],
  ['Prow', path => /^\.prow(\.ya?ml$|\/)/.test(path)],
  ['GitLab CI', path => /^\.gitlab-ci\.ya?ml$/.test(path)],
  ['Travis CI', path => path === '.travis.yml'],
  [
    'Azure Pipelines',
    path =>
      /^(\.azure-pipelines\/|\.azuredevops\/)?[\w.-]*azure-pipelines?[\w.-]*\.ya?ml$/.test(path) ||
      /^\.(azure-pipelines|azuredevops)\/.+\.ya?ml$/.test(path)
  ],
  ['Drone', path => /^\.drone\.(ya?ml|jsonnet|star)$/.test(path)],
  ['Woodpecker', path => /^\.woodpecker(\.ya?ml$|\/)/.test(path)],
  ['Cirrus CI', path => /^\.cirrus\.(ya?ml|star)$/.test(path)],
  ['AppVeyor', path => /^\.?appveyor\.ya?ml$/.test(path)],
  ['Semaphore', path => path.startsWith('.semaphore/')],
  ['Bitbucket Pipelines', path => path === 'bitbucket-pipelines.yml'],
  ['TeamCity', path => path.startsWith('.teamcity/')],
  ['Google Cloud Build', path => /^\.?cloudbuild(\.ya?ml|\.json|\/)/.test(path)],
  ['Zuul', path => /^\.?zuul(\.ya?ml$|\.d\/)/.test(path)],
  ['Tekton', path => path.startsWith('.tekton/')],
  ['Forgejo or Gitea Actions', path => /^\.(forgejo|gitea)\/workflows\/.+\.ya?ml$/.test(path)],
  ['Codefresh', path => /^\.?codefresh(\.ya?ml$|\/)/.test(path)]
]

// Checks of apps that run nothing of the repository's: agreements, coverage and scan reports, previews, reviews, bots.
const NO_CI =
  /\b(cla|dco|codecov|coveralls|codacy|codeclimate|code climate|codefactor|deepsource|sonar(cloud|qube)|snyk|socket|gitguardian|fossa|netlify|vercel|deploy preview|read ?the ?docs|readthedocs|renovate|dependabot|mergify|coderabbit|copilot|semantic (pr|pull request)|wip|pages build and deployment)\b|^license\//i

/** CI outside GitHub Actions that the tree or the branch shows. Prow keeps its jobs elsewhere; OWNERS_ALIASES is its file. */
export function externalOf(repo: Pick<Repo, 'paths' | 'branch'>): Pipeline['external'] {
  const found = new Map<string, string>()
  for (const path of repo.paths) {
    // All of them lie at the top or in a hidden folder.
    if (path.includes('/') && !path.startsWith('.') && !/^(ci|jenkins|zuul\.d|cloudbuild|codefresh)\//.test(path))
      continue
    for (const [name, test] of EXTERNAL) if (!found.has(name) && test(path)) found.set(name, path)
    if (path === 'OWNERS_ALIASES' && !found.has('Prow')) found.set('Prow', path)
  }
  for (const context of repo.branch?.externalContexts ?? []) if (!NO_CI.test(context)) found.set(context, context)
  return [...found].map(([name, by]) => ({ name, by }))
}
