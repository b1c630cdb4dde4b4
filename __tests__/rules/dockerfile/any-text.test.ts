import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Place } from '../../../src/model.js'
import { SourceText } from '../../../src/parse/text.js'
import { run } from '../../../src/rule.js'
import { rules } from '../../../src/rules/index.js'
import { defaultsOf, repoOf } from '../../helpers.js'
import { anyDockerfile } from '../../parse/any-dockerfile.js'

test('rules take any Dockerfile, and point and edit inside it', async () => {
  await fc.assert(
    fc.asyncProperty(anyDockerfile, async text => {
      const repo = await repoOf({ Dockerfile: text })
      const source = new SourceText('Dockerfile', repo.texts.get('Dockerfile') ?? '')
      const { found, unread } = run(rules, repo, defaultsOf)
      expect(unread.filter(({ reason }) => reason.startsWith('the rule failed'))).toEqual([])
      const isInside = ({ path, line, column, endLine, endColumn }: Place) =>
        path === '' ||
        (line >= 1 &&
          column >= 1 &&
          endLine <= source.lineCount &&
          column <= source.line(line).length + 2 &&
          source.offset(line, column) <= source.offset(endLine, endColumn) &&
          source.offset(endLine, endColumn) <= source.text.length)
      for (const { rule, problem } of found)
        for (const at of [problem.at, ...(problem.edits ?? []).map(edit => edit.at)])
          if (!isInside(at)) throw new Error(`${rule.id}: ${JSON.stringify(at)}`)
    }),
    { numRuns: 400, seed: 9 }
  )
})
