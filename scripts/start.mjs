// `npm start`: the committed bundle on the bad example, or on what is asked for.
if (process.argv.length === 2) process.argv.push('examples/bad')
await import('../dist/cli/index.js')
