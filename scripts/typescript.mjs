// Lets Node run the TypeScript of the tests (the stand-in for GitHub) outside jest: node --import ./scripts/typescript.mjs FILE.ts
import { register } from 'node:module'

register(
  `data:text/javascript,${encodeURIComponent(`
    import { readFileSync } from 'node:fs'
    import { fileURLToPath } from 'node:url'
    import { transformSync } from ${JSON.stringify(import.meta.resolve('@swc/core'))}

    export async function resolve(name, context, next) {
      try {
        return await next(name, context)
      } catch (error) {
        if (!name.startsWith('.') || !name.endsWith('.js')) throw error
        return next(name.slice(0, -2) + 'ts', context)
      }
    }
    export async function load(url, context, next) {
      if (!url.endsWith('.ts')) return next(url, context)
      const text = readFileSync(fileURLToPath(url), 'utf8')
      const { code } = transformSync(text, { filename: url, jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } })
      return { format: 'module', source: code, shortCircuit: true }
    }
  `)}`,
  import.meta.url
)
