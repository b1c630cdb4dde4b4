/** A workflow of one job, and an action, of the same steps; a comment's worth of trigger each. */
export const PATH = '.github/workflows/ci.yml'
export const ofSteps = (steps: string, on = 'push', job = '') => ({
  [PATH]: `on: ${on}\njobs:\n  one:\n    runs-on: x\n${job.replaceAll(/^(?=.)/gm, '    ')}    steps:\n${steps.replaceAll(/^/gm, '      ')}\n`
})
export const ofAction = (steps: string) => ({
  'action.yml': `name: A\ndescription: B\nruns:\n  using: composite\n  steps:\n${steps.replaceAll(/^/gm, '    ')}\n`
})
