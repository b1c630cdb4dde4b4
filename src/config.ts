import type { Config } from './model.js'

/** What holds without any config. */
export const DEFAULTS: Config = {
  preset: 'recommended',
  require: ['tests', 'health'],
  failOn: 'error',
  unknown: 'neutral',
  rules: [],
  overrides: [],
  source: [],
  tests: []
}
