/** The nouns of the program: what was read, what was concluded. Types only. */

// ---------------------------------------------------------------- places and texts

/**
 * Where something was written. Lines and columns start at 1, columns count UTF-16 units, the end is exclusive.
 * A finding about the repository itself (its branch rules, no workflow at all) has path '' at 1:1.
 */
export interface Place {
  path: string
  line: number
  column: number
  endLine: number
  endColumn: number
}

/** A value and where it was written. `part` gives the place of `value.slice(from, to)`, across folds, escapes and aliases. */
export interface Text {
  value: string
  at: Place
  part(from: number, to?: number): Place
}

/** The third state: something that could not be seen, and why. Never a pass where it was required, never the user's fault. */
export interface Unread {
  what: string
  reason: string
  at?: Place
  /** The file itself is to blame: its bytes are at hand, and they are no text. */
  broken?: true
}

/** Replace what is written at a place. An insertion has an empty place. */
export interface Edit {
  at: Place
  text: string
}
export type EditKind = 'safe' | 'suggested'

// ---------------------------------------------------------------- YAML, as every YAML artifact sees it

export type Yaml = YamlMap | YamlList | YamlScalar
export interface YamlScalar extends Text {
  kind: 'scalar'
  /** The core-schema value: `value` is always the written text ('1.10'), `data` what YAML makes of it (1.1). */
  data: string | number | boolean | null
  style: 'plain' | 'single' | 'double' | 'literal' | 'folded'
  /** Of a literal or folded block, how it begins: `|`, `>-`, `|2+`. */
  readonly header?: string | undefined
  tag?: string
  anchor?: string
  /** Where the anchor is written, its mark included. */
  anchorAt?: Place
}
export interface YamlMap {
  kind: 'map'
  at: Place
  entries: YamlEntry[]
  tag?: string
  anchor?: string
  /** Where the anchor is written, its mark included. */
  anchorAt?: Place
  /** The value under a key; with merge keys expanded where the format has them. */
  get(key: string): Yaml | undefined
  entry(key: string): YamlEntry | undefined
}
export interface YamlEntry {
  key: YamlScalar
  value: Yaml
}
export interface YamlList {
  kind: 'list'
  at: Place
  items: Yaml[]
  tag?: string
  anchor?: string
  /** Where the anchor is written, its mark included. */
  anchorAt?: Place
}
/** One document of a YAML file. `root` is undefined where the document is empty or broken beyond use. */
export interface YamlDocument {
  root: Yaml | undefined
  errors: YamlError[]
  comments: Comment[]
}
export interface YamlError {
  message: string
  at: Place
}
/** A comment, `text` without its marker and outer blanks. */
export interface Comment {
  text: string
  at: Place
}

// ---------------------------------------------------------------- scripts and their commands

/** `other` is anything that unbash does not read (pwsh, cmd, python, …): its commands are unknown, not absent. */
export type ShellName = 'bash' | 'sh' | 'pwsh' | 'cmd' | 'python' | 'node' | 'other'
export interface Shell {
  name: ShellName
  /** Stops at the first failing command (`-e`), and a pipe fails when any part of it fails (`-o pipefail`), when the script begins. */
  errexit: boolean
  pipefail: boolean
}
export interface Script {
  text: Text
  shell: Shell
  /** Simple commands in order of writing, those inside `$(…)`, `sh -c "…"`, conditions, loops and functions included. Parsed once, when asked. */
  commands: Command[]
  /** Why the commands are not known: another language, or a text that is no shell script. What was understood of it is in `commands` all the same. */
  readonly unread?: string | undefined
}
export interface Command {
  /** Last path part of the command word after quote removal; '' when it is computed. */
  name: string
  /** All words, the command word included, after quote removal; expansions keep their text. */
  words: Word[]
  /** NAME=value before the command word. */
  assignments: Assigned[]
  at: Place
  /** How its failure is lost, if it is: the place is that of the operator or option to blame. */
  lost?: Lost
  /** Written inside the quoted script of another command (`sh -c`), a substitution, a condition or a function body. */
  inside: ('substitution' | 'condition' | 'function' | 'nested-shell' | 'loop')[]
  /** Directory it runs in, as far as `cd`/`pushd` before it in the script tell; '' = where the script began, undefined = computed. */
  directory: string | undefined
  /** Its place in a pipe, where it is part of one. */
  pipe?: PipePart
  /** The file that its standard output goes to. */
  output?: Word
}
export interface Assigned {
  name: string
  /** After quote removal; expansions keep their text. */
  value: string
  /** Of name and value together. */
  at: Place
}
export interface PipePart {
  /** Counts the pipes of a script, from 1: commands with the same number are parts of one pipe. */
  pipe: number
  /** Position among the parts, from 0. */
  part: number
  last: boolean
  /** A failure of any part fails the pipe. */
  pipefail: boolean
}
export interface Word {
  value: string
  at: Place
  /** No expansion in it: `value` is what the command receives. */
  literal: boolean
}
export interface Lost {
  how: 'or' | 'pipe' | 'no-errexit' | 'background' | 'negated' | 'condition'
  /** What comes after `||`, for the message: 'true', ':', 'echo …'. */
  by?: string
  at: Place
}

// ---------------------------------------------------------------- workflows and actions

export interface Workflow {
  path: string
  at: Place
  yaml: YamlMap
  comments: Comment[]
  /** It has YAML errors: what was read may not be what was meant. */
  broken?: true
  name?: Text
  triggers: Trigger[]
  permissions?: Permissions
  env: Field[]
  defaults: Defaults
  concurrency?: Yaml
  jobs: Job[]
}
export interface Trigger {
  event: Text
  /** The mapping below the event, where there is one. */
  config?: YamlMap
  types: Text[] | undefined
  branches: Text[]
  branchesIgnore: Text[]
  paths: Text[]
  pathsIgnore: Text[]
}
export interface Defaults {
  shell?: Text
  workingDirectory?: Text
}
/** A named value of a free-form mapping: env, with, secrets, inputs, outputs. */
export interface Field {
  name: Text
  value: Text
}
export interface Permissions {
  at: Place
  /** `read-all`, `write-all`; undefined where scopes are listed. */
  all?: Text
  scopes: Field[]
}
export interface Job {
  id: Text
  /** The job's key. */
  at: Place
  yaml: YamlMap
  name?: Text
  needs: Text[]
  if?: Text
  /** Labels as written, those of `{ labels: … }` included; expressions stay as they are. */
  runsOn: Text[]
  /** A reusable workflow that the job calls instead of having steps. */
  uses?: Text
  with: Field[]
  /** 'inherit' or the listed secrets of a reusable-workflow call. */
  secrets: Field[] | 'inherit'
  permissions?: Permissions
  env: Field[]
  defaults: Defaults
  timeout?: Text
  continueOnError?: Text
  strategy?: Strategy
  environment?: Yaml
  concurrency?: Yaml
  container?: Container
  services: Service[]
  outputs: Field[]
  /** In order, the members of `parallel:` included; see Step.parallel. */
  steps: Step[]
}
export interface Strategy {
  at: Place
  failFast?: Text
  /** Rows by key; an expression in place of a row or of the whole is in `dynamic`. */
  rows: { key: Text; values: Yaml[] }[]
  include: YamlMap[]
  exclude: YamlMap[]
  /** Some part of the matrix is computed: its combinations cannot be told. */
  dynamic: boolean
}
/** A container that a job runs in or a service beside it. `options` are flags of `docker create`. */
export interface Container {
  at: Place
  image?: Text
  options?: Text
  env: Field[]
  yaml: Yaml
}
export interface Service extends Container {
  id: Text
}
export interface Step {
  at: Place
  yaml: YamlMap
  id?: Text
  name?: Text
  if?: Text
  uses?: Text
  with: Field[]
  run?: Script
  shell?: Text
  workingDirectory?: Text
  env: Field[]
  continueOnError?: Text
  timeout?: Text
  /** Runs beside its neighbours: a member of `parallel:` or `background: true`. */
  parallel: boolean
}
/** action.yml: composite, JavaScript or Docker. */
export interface Action {
  path: string
  at: Place
  yaml: YamlMap
  comments: Comment[]
  /** It has YAML errors: what was read may not be what was meant. */
  broken?: true
  name?: Text
  inputs: { name: Text; required?: Text; default?: Text; yaml: Yaml }[]
  outputs: Field[]
  using?: Text
  /** Of a composite action, in order. */
  steps: Step[]
  /** Of a Docker action: `Dockerfile`, a path, or `docker://image`. */
  image?: Text
}
export interface Dependabot {
  path: string
  at: Place
  yaml: YamlMap
  comments: Comment[]
}

// ---------------------------------------------------------------- Dockerfiles

export interface Dockerfile {
  path: string
  at: Place
  /** Parser directives at the top: syntax, escape, check. */
  directives: { name: string; value: Text; at: Place }[]
  escape: '\\' | '`'
  comments: Comment[]
  /** All instructions in order, those before the first FROM included. */
  instructions: Instruction[]
  stages: Stage[]
  /** ARG before the first FROM, with their defaults. */
  globals: Variable[]
}
export interface Instruction {
  /** Upper case, even where unknown to Docker. */
  keyword: string
  keywordAt: Place
  /** The keyword as written. */
  written: string
  at: Place
  flags: { name: string; value: Text; at: Place }[]
  /** Everything after keyword and flags, as written; `part` maps into the file. Continuations, comments and blank lines inside are blanked at equal length. */
  body: Text
  /** Words after flags: quotes kept as written, variables not expanded; of a JSON array, its strings. */
  args: Text[]
  /** Written as a valid JSON array of strings (exec form). `brokenJson` where it looks like one and Docker takes it as shell form. */
  json: boolean
  brokenJson: boolean
  heredocs: Heredoc[]
  /** Blank lines between its lines, whole, with their line breaks. */
  blanks: Place[]
  /** The block of comment lines directly above. */
  comments: Comment[]
  stage?: Stage
  /** The instruction that ONBUILD registers. */
  onbuild?: Instruction
  /** KEY=value pairs of ENV, ARG and LABEL. */
  pairs: Variable[]
  /** Of RUN, CMD, ENTRYPOINT and HEALTHCHECK CMD: the script or the exec form as one command. */
  script?: Script
}
export interface Variable {
  name: Text
  /** Undefined: an ARG without a default. Quotes removed, variables as written. */
  value?: Text
  at: Place
}
export interface Heredoc {
  name: string
  /** No expansion in the body (quoted delimiter). */
  quoted: boolean
  stripTabs: boolean
  descriptor?: number
  /** The file ends before the line that would end it. */
  open?: true
  body: Text
  at: Place
}
export interface Stage {
  index: number
  name?: Text
  from: Instruction
  /** The image as written, variables and all. */
  image: Text
  /** With ARG defaults put in; undefined where a variable has none. Undefined too where the stage builds on another (`parent`). */
  base?: string
  parent?: Stage
  platform?: Text
  instructions: Instruction[]
  /** Stages that this one needs: FROM, COPY --from, RUN --mount=from. */
  needs: Stage[]
}
/** What holds at the end of a stage, its parents included. A place tells which instruction set it. Base images are not looked up here. */
export interface StageState {
  user?: Text
  workdir?: Text
  shell?: { words: string[]; at: Place }
  healthcheck?: Instruction
  cmd?: Instruction
  entrypoint?: Instruction
  exposes: Text[]
  env: Variable[]
  /** Name of the outside image at the root of the chain: 'scratch', 'node:22-slim'; undefined where it cannot be told. */
  base?: string
}

export interface IgnoreFile {
  path: string
  lines: { pattern: string; negated: boolean; at: Place }[]
}

/** Who must review what. Of the lines that match a path the last one counts. */
export interface CodeOwners {
  path: string
  at: Place
  lines: OwnersLine[]
  /** Lines that GitHub skips, and why. */
  wrong: { at: Place; message: string }[]
}
export interface OwnersLine {
  /** As GitHub takes it: an escaped blank is a blank. */
  pattern: Text
  /** None: what it matches has no owner. */
  owners: Text[]
}

// ---------------------------------------------------------------- compose and Kubernetes

export interface Compose {
  path: string
  at: Place
  yaml: YamlMap
  comments: Comment[]
  services: ComposeService[]
  /** The file this one is laid over by Compose's own rule (compose.override.yml), where both exist. */
  overrides?: string
}
export interface ComposeService {
  name: Text
  at: Place
  yaml: YamlMap
  image?: Text
  build?: { at: Place; context: string | undefined; dockerfile?: Text; inline?: Text; target?: Text }
  healthcheck?: { at: Place; yaml: Yaml; test?: Yaml; disabled: boolean }
  command?: Yaml
  entrypoint?: Yaml
  restart?: Text
  ports: Yaml[]
  profiles: Text[]
  dependsOn: { name: Text; condition?: Text }[]
  extends?: { service: Text; file?: Text }
}
export interface Manifest {
  path: string
  at: Place
  yaml: YamlMap
  comments: Comment[]
  apiVersion: Text
  kind: Text
  name?: Text
  namespace?: Text
  /** Where containers are run: the pod spec of the object or of its template. */
  pod?: { at: Place; yaml: YamlMap; containers: PodContainer[]; runs: 'long' | 'once' }
}
export interface PodContainer {
  at: Place
  yaml: YamlMap
  name?: Text
  image?: Text
  init: boolean
  /** An init container with restartPolicy Always. */
  sidecar: boolean
  probes: { readiness?: Yaml; liveness?: Yaml; startup?: Yaml }
}
export interface Chart {
  path: string
  at: Place
  name?: Text
}

// ---------------------------------------------------------------- what wrappers stand for

/** A file that gives names to commands: package.json scripts, make targets, tasks, tox environments, shell scripts. */
export interface ScriptFile {
  path: string
  tool:
    | 'package'
    | 'composer'
    | 'make'
    | 'just'
    | 'task'
    | 'tox'
    | 'nox'
    | 'deno'
    | 'pyproject'
    | 'rake'
    | 'gradle'
    | 'shell'
  /** Name to what it runs; a shell script has the one name ''. A target's prerequisites come as `needs`. */
  targets: Map<string, Target>
  /** Why a name may exist that is not in `targets`: the file includes others. */
  partial?: string
}
export interface Target {
  name: string
  at: Place
  scripts: Script[]
  needs: string[]
  /** Folder that it changes to first, from where it is called. */
  directory?: string
}

// ---------------------------------------------------------------- the repository

/** A file at a commit. `sha` is git's blob id where the source knows it, else any string that differs when the text does. */
export interface Blob {
  path: string
  mode: string
  sha: string
  size: number
}

export type FileKind =
  | 'workflow'
  | 'action'
  | 'dependabot'
  | 'dockerfile'
  | 'ignore-file'
  | 'compose'
  | 'manifest'
  | 'chart'
  | 'script'
  | 'codeowners'

/** One row a pipeline file that we looked at, or meant to. */
export interface Looked {
  path: string
  kind: FileKind
  /** `template`: recognised as one and not parsed. `broken`: read and not understood. `left-out`: over a bound. `unread`: text not at hand. */
  as: 'read' | 'template' | 'broken' | 'left-out' | 'unread'
  reason?: string
  at?: Place
  /** What is wrong with its YAML. */
  errors?: YamlError[]
}

/** Files of other repositories that `uses:` names, by the written reference (`actions/checkout@v6`, `o/r/.github/workflows/x.yml@v1`). */
export type Remotes = Map<string, Remote | Unread>
export interface Remote {
  uses: string
  /** Path inside that repository and its text. */
  path: string
  text: string
  sha?: string
}

/** What rules may ask GitHub about actions and workflows of others, beside their files. Asked only for rules that are on. */
export type Fact = 'archived' | 'refs' | 'reach' | 'advisories'
export type Known = 'yes' | 'no' | 'unknown'
/** What GitHub knows of what a `uses:` names. */
export interface UsedFacts {
  /** What the repository is called now: it may have been renamed. */
  repository: string
  archived: Known
  /** Is the ref the name of a branch, of a tag? */
  branch: Known
  tag: Known
  /** The commit that the ref stands for. */
  sha?: string
  /** Tags of that commit, as far as they were seen; `allTags`: there are no others. */
  tags: string[]
  allTags: boolean
  /** What comments name: the commit of that tag or branch, none where there is no such. */
  named: { name: string; sha?: string }[]
  /** Is the commit part of a branch or tag of its repository? */
  reachable: Known
  /** Undefined: not told. */
  advisories?: Advisory[]
}
export interface Advisory {
  /** 'GHSA-…' */
  id: string
  summary?: string
  severity?: 'low' | 'moderate' | 'high' | 'critical'
  /** `>= 1.0.0, < 1.2.3` */
  range: string
  fixed?: string
}

/** Programs beside ours that know a language better: they run where a rule that is on asks for their answers. */
export type Linter = 'shellcheck' | 'pyflakes'
/** What such a program says about a script. */
export interface Lint {
  /** 'SC2086'; pyflakes has no codes. */
  code?: string
  level: 'error' | 'warning' | 'info' | 'style'
  message: string
  at: Place
}

/** A test file that the pull request changes, or a source file of a language that keeps tests inside. */
export interface TestFile {
  path: string
  text: string
}

/** What we saw at one commit; built once, never changed. */
export interface Repo {
  workflows: Workflow[]
  actions: Action[]
  dependabot: Dependabot[]
  dockerfiles: Dockerfile[]
  ignoreFiles: IgnoreFile[]
  composes: Compose[]
  manifests: Manifest[]
  charts: Chart[]
  scripts: ScriptFile[]
  /** Of the places that GitHub knows those that have a file, in its order: the first one counts. */
  codeowners: CodeOwners[]
  /** Test files that the pull request changes, at this commit: for what is said of tests, never parsed as anything else. */
  tests: TestFile[]
  /** All changed test files are in `tests`, on both sides: what is not there is gone. */
  testsKnown: boolean
  /** Every path of the tree. */
  paths: string[]
  /** Texts that were read, by path: for code frames and suppressions, never for rules to search in. */
  texts: Map<string, string>
  /** What each YAML parser or reader had to say about every pipeline file. */
  looked: Looked[]
  remote: Remotes
  /** By the written reference; empty where nobody asked or nobody could answer. */
  facts: Map<string, UsedFacts>
  /** Answers of linters, for the scripts that they had something to say about. */
  lints: Map<Script, Lint[]>
  branch?: BranchRules
  /** Of a pull request: its changes on the head, none on the base. Without it every file counts as changed. */
  diff?: Diff
  base?: Repo
  pipeline: Pipeline
  units: Unit[]
  unread: Unread[]
}

/** The changes of a pull request: merge base to head. */
export type Diff = FileChange[]
export interface FileChange {
  path: string
  previousPath?: string
  status: 'added' | 'modified' | 'removed' | 'renamed' | 'copied' | 'changed' | 'unchanged'
  /** Added or changed line ranges of the head side, both ends inclusive. */
  added: [from: number, to: number][]
  /** Ranges of the head side that the diff shows, context included: where a review comment may be placed. Undefined without a patch. */
  hunks?: [from: number, to: number][]
}

// ---------------------------------------------------------------- branch rules

/** A setting of the merged view over classic protection and rulesets. */
export interface Setting {
  is: 'yes' | 'no' | 'unknown'
  /** Where it was read, or why it is unknown and what would settle it. */
  why: string
}
export interface RequiredCheck {
  context: string
  /** App the check must come from; undefined = any. */
  appId?: number
}
/** Settings of the merged view; each guards more where it is `yes`. Phrases for them: branch-settings.ts. */
export type SettingName =
  | 'pullRequestRequired'
  | 'approvals'
  | 'codeOwners'
  | 'staleDismissal'
  | 'lastPushApproval'
  | 'dismissalRestricted'
  | 'conversationResolution'
  | 'upToDate'
  | 'adminsIncluded'
  | 'linearHistory'
  | 'signatures'
  | 'forcePushBlocked'
  | 'deletionBlocked'
  | 'pushRestricted'
  | 'locked'
  | 'mergeQueue'
  | 'requiredWorkflows'
  | 'deployments'
  | 'codeScanning'
/** Who need not keep the rules. `exempt` leaves no trace. */
export interface Bypass {
  who: string
  mode: 'always' | 'pull_request' | 'exempt'
  /** Which rules: 'classic branch protection', 'ruleset main (organization acme)'. */
  of: string
}
export interface QueueSettings {
  /** Minutes that a required check has to report in. */
  timeoutMinutes?: number
  minEntries?: number
  maxEntries?: number
  minWaitMinutes?: number
  grouping?: string
}
export interface BranchRules extends Record<SettingName, Setting> {
  branch: string
  /** Any rule that guards merges applies. */
  protected: Setting
  /** Undefined: unknown, `checksKnown` says why. */
  requiredChecks: RequiredCheck[] | undefined
  checksKnown: Setting
  /** Approvals that are asked for, the most that any source that was read says. */
  approvalCount?: number
  /** Those that could be seen; whether these are all is `bypassKnown`. */
  bypass: Bypass[]
  bypassKnown: Setting
  queue?: QueueSettings
  /** Environments that must have been deployed to. */
  environments: string[]
  /** Types of active ruleset rules that this program does not know. */
  otherRules: string[]
  /** Contexts that other apps or CI systems reported on recent base commits; undefined = not read. */
  externalContexts?: string[]
}

// ---------------------------------------------------------------- where we look

/**
 * Where a repository is read from. Everything that touches the world is behind it.
 * `base` is the merge base, `policy` the tip of the target branch: config is read there.
 */
export interface Source {
  head: Snapshot
  base?: Snapshot
  policy?: Snapshot
  /** Texts by blob id, many at once. Never throws for one file: what cannot be read is `Unread`. */
  read(blobs: Blob[]): Promise<Map<string, string | Unread>>
  /** Action and reusable-workflow files of other repositories, by the written `uses`. */
  resolve(uses: string[]): Promise<Map<string, Remote | Unread>>
  /** What is known beside the files, for sources that can ask: by the written `uses`, with the words that comments say of it. */
  facts?(uses: Map<string, string[]>, about: Fact[]): Promise<{ facts: Map<string, UsedFacts>; unread: Unread[] }>
  branch(): Promise<BranchRules>
  diff(): Promise<Diff | undefined>
  /** Owner of the repository, where the source knows it. */
  owner?: string
  /** What the source itself found it could not see, filled as it reads. */
  unread: Unread[]
}
export interface Snapshot {
  /** Commit, or a name for what is no commit (`working tree`). */
  sha: string
  list(): Promise<Blob[]>
}

// ---------------------------------------------------------------- joins

/** What the workflows add up to: jobs with the checks they report and what they do. */
export interface Pipeline {
  jobs: PipelineJob[]
  /** CI outside GitHub Actions that the tree or the branch shows: Buildkite, CircleCI, …: with the path or context that shows it. */
  external: { name: string; by: string }[]
}
export interface PipelineJob {
  workflow: Workflow
  job: Job
  /** Names of the checks it reports, matrix expanded and callers in front (`caller / callee`); undefined where they cannot be told. */
  checks: string[] | undefined
  /** Of computed names what is known, with a NUL for each part that is not; see mayBe in matrix.ts. */
  mayReport: string[]
  /** Whether a pull request to the target branch starts its workflow, whatever the conditions of jobs. */
  starts: 'yes' | 'filtered' | 'no' | 'unknown'
  /** Events that start it, its callers' for a reusable workflow; with branch filters applied where the target branch is known. */
  events: string[]
  /** Started by a pull request to the target branch. `filtered`: only for some paths or branches. */
  onPullRequest: 'yes' | 'filtered' | 'no' | 'unknown'
  /** Test runs found in its steps, through wrappers, to any depth. */
  tests: TestRun[]
  /** What else its steps do, as far as it is known, found the same way. */
  work: Work[]
  /** Both where no pull request and no merge queue starts it: after the merge, by hand, on a schedule. */
  released: { tests: TestRun[]; work: Work[] }
  /** Something in it could not be followed, so "no tests" is not known of it. */
  unread: Unread[]
  /** The chain of reusable-workflow calls that leads here; empty for a job called directly. */
  callers: Job[]
}
export interface TestRun {
  level: 'unit' | 'integration' | 'e2e' | 'smoke' | 'load' | 'any'
  /** The command that proves it, as written. */
  command: string
  /** The place in the workflow to point at: the step's command or `uses`. */
  at: Place
  step: Step
  /** Wrappers followed, outermost first: 'npm test', 'make check'. */
  through: string[]
  /** Its failure does not fail the job, and how. */
  ignored?: { how: string; at: Place }
}

/** What a step does beside testing, with the command or action that proves it. */
export interface Work {
  kind: WorkKind
  /** As written. */
  command: string
  /** The place in the workflow to point at: the step's command or `uses`. */
  at: Place
  step: Step
  /** Wrappers followed, outermost first. */
  through: string[]
  /** Told by a name alone (`make deploy`). */
  byName?: true
  /** Of a deploy or publish: a preview, a test repository. */
  trial?: true
}
export type WorkKind =
  | 'build'
  | 'coverage'
  | 'deploy'
  | 'format'
  | 'format-check'
  | 'install'
  | 'lint'
  | 'migrate'
  | 'publish'
  | 'scan'
  | 'service'
  | 'typecheck'
  | 'validate'
  | 'verify'

/** Something that is deployed and runs: a workload, a compose service or an image that nothing else deploys. */
export interface Unit {
  name: string
  kind: 'workload' | 'compose-service' | 'image' | 'job-service'
  /** Where the fix belongs. */
  at: Place
  /** `none-needed` with the reason: a tool, a library, a one-shot job, a base image, scratch. */
  health: 'yes' | 'no' | 'unknown' | 'none-needed'
  why: string
  /** Not needed, and still worth a note. */
  advice?: string
  /** Files whose change touches this unit. */
  paths: string[]
}

// ---------------------------------------------------------------- rules, findings, verdicts

export type Severity = 'error' | 'warning' | 'note'
export type Topic =
  | 'tests'
  | 'health'
  | 'gate'
  | 'security'
  | 'supply-chain'
  | 'correctness'
  | 'reliability'
  | 'efficiency'
  | 'style'
export type Preset = 'recommended' | 'strict' | 'all'
export type Profile = 'solo' | 'team' | 'regulated'
/** Ids of the same problem in other tools, by the tool's suite name. */
export type Peers = Record<string, string | string[]>
/** Ids of another tool, as its own comments and config name them. */
export interface PeerIds {
  tool: string
  /** `*` is every id of the tool. */
  ids: Set<string>
  except?: Set<string>
}
export type Options = Record<string, unknown>

/** The items a rule can be over: one file at a time, or `repo` for joins. */
export interface Items {
  workflow: Workflow
  action: Action
  dependabot: Dependabot
  dockerfile: Dockerfile
  'ignore-file': IgnoreFile
  compose: Compose
  manifest: Manifest
  /** Whatever has steps. */
  steps: Workflow | Action
  repo: Repo
}
export type Kind = keyof Items

export interface Problem {
  at: Place
  message: string
  /** Replaces the rule's; config overrides both. */
  severity?: Severity
  /** What identifies the problem across commits where path, construct and text do not. */
  key?: string
  /** Keys of the problems that this one says at once: at the base it answers for each of them. */
  covers?: string[]
  edits?: Edit[]
  /** These edits are to be looked at first, whatever those of the rule are otherwise. */
  suggested?: boolean
  peers?: Peers
}

/** What we ask: one shape for every rule. */
export interface Rule<K extends Kind = Kind> {
  /** Its path below src/rules. */
  id: string
  title: string
  why: string
  fix: string
  severity: Severity
  topic: Topic
  /** The smallest preset that has it on. */
  preset: Preset
  /** The smallest profile that is asked for it, where one is not. */
  profile?: Profile
  /**
   * What the edits of its problems are: `safe` where they keep what a run or an image does, `suggested` where a person is
   * to look at them first. A rule that says nothing and gives edits all the same suggests them.
   */
  edits?: EditKind
  over: K
  /**
   * Words of which a file has one wherever the rule has anything to say of it, in lower case: files without are not asked
   * about. A word is letters, digits and `_`; one that is written with escapes or quotes inside counts too.
   */
  mentions?: K extends 'repo' ? never : string[]
  check(item: Items[K], options: Options): Iterable<Problem | Unread>
  peers?: Peers
  /** Whose answers in `repo.lints` it passes on. */
  linter?: Linter
  /** What it reads in `repo.facts`. */
  online?: Fact[]
  /** Findings that reporters show as one: a pin fix a file, say. */
  group?: string
  /** Option names and what they mean, for the schema and the documentation. */
  options?: Record<string, OptionSpec>
  /** Examples: tests and documentation at once. `bad` is reported by this rule, `good` is silent under every rule. */
  bad: Example
  good: Example
}
export interface OptionSpec {
  /** `map`: names to texts. */
  type: 'string' | 'number' | 'boolean' | 'strings' | 'map'
  default: unknown
  about: string
}
/** Path to text. */
export type Files = Record<string, string>
/** Files alone, or a pull request: the files of its head, those of its merge base, and what is known of the branch. */
export type Example = Files | World
export interface World {
  head: Files
  base?: Files
  /** All paths of the tree where `head` holds only some. */
  paths?: string[]
  branch?: BranchFacts
  /** What is known of what `uses:` names, by the written reference. */
  facts?: Record<string, Partial<UsedFacts>>
  /** Options of the rule, where it says nothing without. */
  options?: Options
}
/** What a caller of the library knows of the branch rules; absent or null is unknown. */
export type BranchFacts = { [name in SettingName]?: boolean | null } & {
  name?: string | null
  protected?: boolean | null
  requiredChecks?: (string | RequiredCheck)[] | null
  approvalCount?: number | null
  bypass?: Bypass[] | null
  queue?: QueueSettings | null
  environments?: string[] | null
  externalContexts?: string[] | null
}

export interface Finding extends Problem {
  rule: Rule
  severity: Severity
  fingerprint: string
  introduced: boolean
}
export interface Hidden {
  finding: Finding
  because: 'suppressed' | 'off'
  reason?: string
}
/** A topic that `require` names, and how it stands. */
export interface Requirement {
  topic: Topic
  state: 'met' | 'not-met' | 'not-applicable' | 'unknown'
  why: string
  at?: Place
}
export interface Verdict {
  conclusion: 'success' | 'neutral' | 'failure'
  /** Our own failure (exit code 2): broken config, unreadable policy. */
  failed?: string
  /** One sentence on why it concluded so, for every report's first line. */
  because: string
  /** What would have blocked, when it did not: first run, warn-only-until. */
  wouldBlock: string[]
  /** What else a reader should know, a sentence each: suppressions that are new, what a changed config will do. */
  notices: string[]
  findings: Finding[]
  hidden: Hidden[]
  requirements: Requirement[]
  unread: Unread[]
}

/** What one inspection saw and concluded: all that a report is given. */
export interface Inspection {
  repo: Repo
  verdict: Verdict
  config: Config
  /** Wall time in milliseconds, and the share of each rule by id. */
  took: number
  timing: Map<string, number>
  /** The same inspection of the same repository with other texts, by path, in place of those that it has. */
  again(texts: Map<string, string>): Promise<Inspection>
  /** What `--fix` made of an earlier one. */
  fixes?: Fixes
}
/** Findings whose edits were applied, and those whose edits were not, with the reason. */
export interface Fixes {
  done: Finding[]
  refused: { finding: Finding; why: string }[]
}

// ---------------------------------------------------------------- config

/** The validated config: the file of the policy commit, inputs and defaults together. */
export interface Config {
  preset: Preset
  /** Who works here: what is asked of the branch rules depends on it. */
  profile: Profile
  require: Topic[]
  failOn: Severity
  unknown: 'neutral' | 'fail'
  /** First day on which findings block, as written (YYYY-MM-DD). */
  warnOnlyUntil?: string
  /** In order of writing, later ones win. `rule` may be a glob over ids. */
  rules: RuleSetting[]
  /** Settings for some paths only, in order. */
  overrides: { paths: string[]; rules: RuleSetting[] }[]
  /** Globs that make a path source or test beside the built-in ones, or take it out ('!glob'). */
  source: string[]
  tests: string[]
  /** Tools whose comments count for nothing, because their own config says so. */
  withoutComments?: string[]
  /** Whether the linters may run. */
  shellcheck: boolean
  pyflakes: boolean
}
export interface RuleSetting {
  rule: string
  /** Only for findings that another tool would report by these ids; never switches on what is off. `from`: the file that says so. */
  peer?: PeerIds & { from: string }
  /** Only there. */
  within?: Within
  /** 'off', or 'on' to have a rule outside the preset at its own severity. */
  severity?: Severity | 'off' | 'on'
  options?: Options
}
/** A part of the repository, as config of other tools names it: all that is given must fit. */
export interface Within {
  /** Globs. */
  paths?: string[]
  line?: number
  column?: number
  job?: string
  /** The id of a step. */
  step?: string
}
/** Something wrong in a config: always a place and what would be right. */
export interface ConfigProblem {
  at: Place
  message: string
}
