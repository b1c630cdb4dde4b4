import type { BranchRules, Place, Problem, Repo, Setting, SettingName, Unread } from './model.js'

/** Every setting of a branch's rules in the order in which it is told, in words that finish "the branch has …". */
export const SETTINGS: Record<SettingName, string> = {
  pullRequestRequired: 'changes by pull request only',
  approvals: 'required approvals',
  codeOwners: 'required reviews by code owners',
  staleDismissal: 'dismissal of approvals when commits follow',
  lastPushApproval: 'approval of the last push by somebody else',
  dismissalRestricted: 'a limit on who may dismiss reviews',
  conversationResolution: 'required resolution of conversations',
  upToDate: 'required checks on an up-to-date branch',
  adminsIncluded: 'rules that hold for administrators',
  linearHistory: 'a linear history',
  signatures: 'required signatures',
  forcePushBlocked: 'a block on force pushes',
  deletionBlocked: 'a block on deletion',
  pushRestricted: 'a limit on who may push',
  locked: 'a lock',
  mergeQueue: 'a merge queue',
  requiredWorkflows: 'required workflows',
  deployments: 'required deployments',
  codeScanning: 'required code scanning results'
}

export const settingNames = Object.keys(SETTINGS) as SettingName[]

/** Findings about the rules themselves stand nowhere in the tree. */
export const WHOLE: Place = { path: '', line: 1, column: 1, endLine: 1, endColumn: 1 }

/** The rules of a branch that something guards; of one without rules branch/unprotected says all there is to say. */
export const guardedBranch = ({ branch }: Repo): BranchRules | undefined =>
  branch?.protected.is === 'yes' ? branch : undefined

/** Proved to be off. What the plan does not have, nobody can switch on. */
export const isOff = ({ is, why }: Setting): boolean => is === 'no' && !/\bplan\b/.test(why)

/** One entry for all settings that one source would tell. */
export const unreadSetting = ({ why }: Setting): Unread => ({ what: 'settings of the target branch', reason: why })

export const nameOf = ({ branch }: BranchRules): string => (branch ? `branch ${branch}` : 'the target branch')

/**
 * What is to be said where a setting is off, in words that follow the branch's name, and what where it is not known. `isAsked`:
 * whether the other rules of the branch make it matter.
 */
export function* whereOff(
  repo: Repo,
  name: SettingName,
  what: string,
  isAsked: (branch: BranchRules) => boolean = () => true
): Iterable<Problem | Unread> {
  const branch = guardedBranch(repo)
  if (!branch || !isAsked(branch)) return
  const setting = branch[name]
  if (setting.is === 'unknown') yield unreadSetting(setting)
  if (isOff(setting)) yield { at: WHOLE, message: `${nameOf(branch)} ${what}`, key: name }
}
