/** How far a deploy or publish reaches: a download, a push to the runner and a preview are none, whatever their words say. */

/**
 * `others`: somebody beside the pipeline gets it. `trial`: a preview, a test repository. `runner`: something on the
 * machine of the job itself. `none`: nothing is delivered.
 */
export type Reach = 'others' | 'trial' | 'runner' | 'none'

const set = (words: string): Set<string> => new Set(words.split(' '))
const isOption = (word: string) => word.startsWith('-')

const TEARDOWN = set('delete destroy uninstall undeploy delete-stack delete-pod down teardown remove rm unpublish')
const LOOKING = set('describe list ls show get logs status diff plan preview validate export get-credentials')
/** Words of tools whose other words do something else, as `brew update` does. */
const DELIVERING = set(
  'deploy push up apply release redeploy publish submit update upload rollback promote restart compute functions theme rt u run'
)
const PACKERS = set(
  'anaconda aptly artifactory choco conan copr-cli createrepo flatpak-builder fpm jf jfrog luarocks makepkg nexus nfpm opam-publish osc pkgbuild reprepro scoop snapcraft vcpkg'
)
const RUNNER_SERVICES = set('systemctl service rc-service supervisorctl sv pm2 kubeadm')

/** What a deploy or publish by a command is worth. `args` are the words behind the program's name. */
export function reachOf(name: string, args: string[]): Reach {
  if (args.some(word => /^--(dry-run|dryrun|check|noop|no-push|syntax-check|push=false)(=|$)/.test(word))) {
    if (!args.includes('--dry-run=none') && !args.includes('--dry-run=false')) return 'none'
  }
  if (RUNNER_SERVICES.has(name)) return 'runner'
  const plain = args.filter(word => !isOption(word))
  if (plain.slice(0, 3).some(word => TEARDOWN.has(word))) return 'none'
  switch (name) {
    case 'rsync':
    case 'scp':
      return copyReach(plain)
    case 'ssh':
    case 'sshpass':
      return sshReach(plain)
    case 'aws':
      if (plain[0] === 's3') return storageReach(plain.slice(2))
      return plain.some(word => word === 'run-task' || word === 'register-task-definition' || LOOKING.has(word))
        ? 'none'
        : 'others'
    case 'gcloud':
      return plain[0] === 'storage'
        ? storageReach(plain.slice(2))
        : plain.some(word => LOOKING.has(word) || word === 'clusters')
          ? 'none'
          : 'others'
    case 'gsutil':
      return storageReach(plain.filter(word => !/^(cp|rsync|mv)$/.test(word)))
    case 'rclone':
    case 's3cmd':
    case 'mc':
      return /^(copy|copyto|sync|move|put|cp|mirror)$/.test(plain[0] ?? '') ? storageReach(plain.slice(1)) : 'none'
    case 'az':
      if (plain[0] === 'storage') return /^(upload|upload-batch|copy|sync)$/.test(plain[2] ?? '') ? 'others' : 'none'
      return plain.some(word => LOOKING.has(word) || word === 'login') ? 'none' : 'others'
    case 'kubectl':
    case 'oc':
      return /^(label|annotate|scale)$/.test(plain[0] ?? '') || (plain.includes('create') && isPreparation(plain))
        ? 'none'
        : 'others'
    case 'helm':
      return plain[0] === 'package' ? 'none' : imageReach(plain.slice(1))
    case 'flux':
      return plain.includes('create') && plain.includes('secret') ? 'none' : 'others'
    case 'cosign':
      return plain[0] === 'copy' ? 'others' : 'none'
    case 'git':
      return 'none'
    case 'gh':
      return plain[0] === 'release' && !args.includes('--draft') ? 'others' : 'none'
    case 'brew':
      return /^bump/.test(plain[0] ?? '') ? 'others' : 'none'
    case 'cachix':
    case 'tea':
      return 'none'
    case 'wrangler':
      if (plain[0] === 'versions' || plain.includes('upload')) return 'trial'
      return /^(secret|d1|types)$/.test(plain[0] ?? '') ? 'none' : previewOf(args)
    case 'fly':
    case 'flyctl':
      return plain.includes('deploy') ? previewOf(args) : 'none'
    case 'heroku':
      return /^(run|config:set)$/.test(plain[0] ?? '') ? 'none' : 'others'
    case 'firebase':
      return plain[0] === 'hosting:channel:deploy' ? 'trial' : 'others'
    case 'vercel':
    case 'now':
    case 'vc':
      return args.some(word => /^--prod(uction)?$/.test(word)) || plain[0] === 'promote' ? 'others' : 'trial'
    case 'netlify':
    case 'ntl':
      return args.some(word => /^(--prod|--production|-p)$/.test(word)) ? 'others' : 'trial'
    case 'docker':
    case 'podman':
    case 'buildah':
    case 'nerdctl':
      return dockerReach(args, plain)
    case 'skopeo':
    case 'crane':
    case 'oras':
    case 'regctl':
      return imageReach(plain.slice(1))
    case 'gradle':
    case 'gradlew': {
      const published = plain.filter(word => /publish/i.test(word))
      return published.length && published.every(word => /ToMavenLocal$/.test(word)) ? 'none' : 'others'
    }
    case 'mvn':
    case 'mvnw':
    case 'mvnd':
      return args.some(word =>
        /^-D(maven\.deploy\.skip|skipPublishing)(=true)?$|^-DaltDeploymentRepository=.*file:/.test(word)
      )
        ? 'none'
        : 'others'
    case 'puppet':
      return /^(apply|agent)$/.test(plain[0] ?? '') ? 'others' : 'none'
    case 'twine':
      return args.some(word => /test\.?pypi/i.test(word)) ? 'trial' : 'others'
    default:
  }
  if (PACKERS.has(name))
    return plain.some(word => /^(upload|push|publish|submit|release|rt|u)$/.test(word)) ? 'others' : 'none'
  if (TOOLS.has(name) && !plain.some(word => DELIVERING.has(word))) return 'none'
  if (name === 'expo' && plain[0] === 'run') return 'none'
  if (/^(npm|pnpm|yarn|bun|uv|cargo|gem|dotnet|nuget|poetry)$/.test(name) && args.some(isLocalAddress)) return 'runner'
  return previewOf(args)
}

const TOOLS = set(
  'eas balena caprover cf clever convex coolify doctl dokku encore expo gigalixir hcloud ibmcloud juju koyeb linode-cli nomad northflank particle quarto rsconnect scw shopify sst tsuru upsun waypoint modal platform'
)

/** Where a plain copy goes: a place on another machine has a colon before any slash. */
function copyReach(plain: string[]): Reach {
  const to = plain.at(-1) ?? ''
  if (!/^[^/]*:/.test(to) && !to.startsWith('rsync://')) return 'none'
  return isLocalAddress(to) ? 'runner' : 'others'
}

const REMOTE_WORK = set('up restart reload rollout apply upgrade stack deploy pull reset kamal ansible-playbook')
/** Another machine is asked to do something: only words that tell of a deploy make it one. */
function sshReach(plain: string[]): Reach {
  if (plain.some(word => /^(\w+@)?(localhost|127\.0\.0\.1)$/.test(word))) return 'runner'
  const words = plain.flatMap(word => word.split(/[\s;&|()]+/)).slice(0, 500)
  const tells = words.some(word => REMOTE_WORK.has(word) || /(^|[/_.:-])(deploy|release)([_.:-]|$)/.test(word))
  return tells ? 'others' : 'none'
}

/** Does a script that an action runs on another machine deploy there? */
export const deploysThere = (script: string): boolean => sshReach(script.split(/\s+/).slice(0, 2000)) === 'others'

const REPORTS =
  /(^|[/._-])(reports?|coverage|results?|logs?|artifacts?|junit|bench\w*|cache|tmp|traces?|screenshots?|allure\w*|conformance|backups?|dumps?)([/._-]|$)/i

/** Objects in a bucket: what is taken from there, or is a report, is no delivery. */
function storageReach([from = '', ...others]: string[]): Reach {
  const to = others.at(-1) ?? ''
  const isThere = (word: string) => /^\w+:/.test(word)
  if (!isThere(to) && !(to.startsWith('$') && !isThere(from) && !from.startsWith('$'))) return 'none'
  return [from, ...others].some(word => REPORTS.test(word)) ? 'none' : previewOf(others)
}

const isPreparation = (plain: string[]) =>
  /^(namespaces?|ns|secret|secrets|configmap|cm|serviceaccount|sa|token|clusterrolebinding|rolebinding|role|clusterrole)$/.test(
    plain[plain.indexOf('create') + 1] ?? ''
  )

/** A registry on the runner, or one that forgets what it is given. */
export const isLocalAddress = (word: string): boolean =>
  /(^|[/@=]|:\/\/)(localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0|host\.docker\.internal|kind\.local|ko\.local|[\w-]*registry(\.local(host)?)?:\d+|k3d-[\w.-]+)([:/]|$)|(^|\/)ttl\.sh\//i.test(
    word
  )

/** Named for one pull request. */
export const isOfPullRequest = (text: string): boolean =>
  /github\.event\.(number|pull_request\.(number|head))|github\.head_ref|\bGITHUB_HEAD_REF\b|\bPR_?(NUMBER|NUM|ID)\b|(^|[:/_.-])pr-?[$\d{]|refs\/pull|\bpull[_-]?request[_-]?number\b/i.test(
    text
  )

const previewOf = (args: string[]): Reach =>
  args.some(word => isOfPullRequest(word) || /(^|[/:=._-])(previews?|pr-preview|review-app)([/:._-]|$)/i.test(word))
    ? 'trial'
    : 'others'

/** Where images or charts go, by the last word: a registry, the runner, or a folder. */
function imageReach(plain: string[]): Reach {
  const to = plain.at(-1) ?? ''
  if (/^(oci|dir|docker-archive|oci-archive|docker-daemon|containers-storage):(?!\/\/)/.test(to)) return 'none'
  return isLocalAddress(to) ? 'runner' : isCandidate(to) ? 'trial' : previewOf([to])
}

/** Named by its commit or run alone: nobody gets it before somebody gives it another name. */
const isCandidate = (image: string) =>
  /(github\.(sha|run_id|run_number)|\b(GITHUB_SHA|GITHUB_RUN_ID|COMMIT_SHA|commit_sha)\b|buildcache)/.test(image)

function dockerReach(args: string[], plain: string[]): Reach {
  if (/^(stack|service|compose)$/.test(plain[0] ?? '')) return 'others'
  if (!plain.includes('build')) return imageReach(plain.slice(1))
  const tags = args.flatMap((word, at) =>
    word === '-t' || word === '--tag' ? (args[at + 1] ?? []) : word.startsWith('--tag=') ? word.slice(6) : []
  )
  return tags.length ? imagesReach(tags) : 'others'
}

/** What pushing images under these names is worth: the farthest of them counts. */
export function imagesReach(tags: string[]): Reach {
  const reaches = tags.map(tag => imageReach([tag]))
  return (['others', 'trial', 'runner'] as const).find(reach => reaches.includes(reach)) ?? 'others'
}

/** What a deploy or publish by an action is worth, by its inputs. */
export function reachOfAction(uses: string, input: (name: string) => string | undefined): Reach {
  const name = uses.split('@')[0]!.toLowerCase()
  const yes = (key: string) => /^true$/i.test(input(key) ?? '')
  if (yes('dry-run') || yes('dry_run') || yes('dryRun') || yes('draft')) return 'none'
  const texts = (...keys: string[]) => keys.map(key => input(key) ?? '')
  switch (name) {
    case 'goreleaser/goreleaser-action': {
      const words = (input('args') ?? 'release').split(/\s+/)
      const kept = /^--(snapshot|skip=\S*publish\S*|skip-publish)$/
      if (words.some(word => kept.test(word)) || (words.includes('--skip') && words.includes('publish'))) return 'none'
      return words.includes('release') ? 'others' : 'none'
    }
    case 'pulumi/actions':
      return /^(up|update)$/.test(input('command') ?? '') ? previewOf(texts('stack-name')) : 'none'
    case 'changesets/action':
      return input('publish') ? 'others' : 'none'
    case 'amondnet/vercel-action':
      return (input('vercel-args') ?? '').includes('--prod') ? 'others' : 'trial'
    case 'nwtgck/actions-netlify':
      return yes('production-deploy') || input('production-branch') ? 'others' : 'trial'
    case 'firebaseextended/action-hosting-deploy':
      return input('channelId') === 'live' ? 'others' : 'trial'
    case 'azure/static-web-apps-deploy':
      return input('action') === 'close' ? 'none' : 'others'
    case 'cloudflare/wrangler-action':
      return reachOf('wrangler', (input('command') ?? 'deploy').split(/\s+/))
    case 'superfly/flyctl-actions':
      return reachOf('flyctl', (input('args') ?? '').split(/\s+/))
    case 'appleboy/ssh-action':
      return deploysThere(input('script') ?? '') ? 'others' : 'none'
    case 'pypa/gh-action-pypi-publish':
      return texts('repository-url', 'repository_url').some(url => url.includes('test.pypi')) ? 'trial' : 'others'
    case 'peaceiris/actions-gh-pages':
    case 'jamesives/github-pages-deploy-action':
      return previewOf(texts('destination_dir', 'target-folder', 'publish_branch', 'branch'))
    case 'google-github-actions/upload-cloud-storage':
      return texts('path', 'destination').some(text => REPORTS.test(text)) ? 'none' : previewOf(texts('destination'))
    default:
      return previewOf(texts('namespace', 'slot-name', 'stack-name', 'name', 'service', 'environment', 'tags'))
  }
}
