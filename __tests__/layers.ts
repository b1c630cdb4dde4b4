// From the entries down to the types: a module may import its own layer and those below.
const LAYERS = [
  ['action', 'cli', 'api', 'run'],
  ['inspect', 'policy', 'pull-request'],
  [
    'source/',
    'repo',
    'judge',
    'report/',
    'config',
    'config-docs',
    'suppressions',
    'requirements',
    'fixes',
    'rules/',
    'discover',
    'peer-comments',
    'peer-config'
  ],
  ['image-secrets', 'root-images', 'releases'],
  [
    'build-context',
    'pipeline',
    'checks',
    'gate',
    'work',
    'units',
    'construct',
    'paths',
    'package-caches',
    'rule',
    'linters'
  ],
  ['triggers', 'callees', 'external-ci', 'matrix'],
  [
    'commands',
    'contents',
    'durations',
    'environment',
    'packages',
    'pins',
    'downloads',
    'ignore',
    'images',
    'build-targets',
    'probes',
    'programs',
    'query',
    'shell-form',
    'stages'
  ],
  ['deliveries'],
  ['data/', 'parse/'],
  ['model', 'version', 'words', 'branch-settings', 'peers']
]

/** The layer of a module by its path below src; -1 where it has none. */
export const layerOf = (path: string): number =>
  LAYERS.findIndex(names => names.some(name => (name.endsWith('/') ? path.startsWith(name) : path === `${name}.ts`)))
