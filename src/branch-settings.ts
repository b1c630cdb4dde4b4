import type { SettingName } from './model.js'

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
