/**
 * The YAML library, evaluated when the first text needs it. `require` in a function does that there and then, so no text that
 * needs the library can be read without it; a CommonJS module is where Node, tests and bundler all have it. The bundle keeps
 * the library in a file of its own.
 */
const library = (): typeof import('yaml') => require('yaml')
export = library
