/**
 * The grammar of the shell. In the bundle `scripts/bundle.mjs` puts a module in place of this one that reads the package when
 * the first script needs it: it is an ES module, which no other way loads there and then in every version of Node.
 */
export { parse } from 'unbash'
