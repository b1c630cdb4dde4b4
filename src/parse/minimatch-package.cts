/** The glob library, evaluated when the first glob is held against a path: see `yaml-package.cts`. */
const library = (): typeof import('minimatch') => require('minimatch')
export = library
