import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/shell-syntax-in-exec-form.js'
import { problems, repoOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

test.each([
  ['&&', 'CMD ["npm", "ci", "&&", "npm", "start"]', '2:20 npm gets && as an argument'],
  ['|| in a check', 'HEALTHCHECK CMD ["/bin/curl", "-f", "x", "||", "exit", "1"]', '2:43 curl gets || as an argument'],
  ['a redirect', 'RUN ["a", "2>&1"]', '2:12 a gets 2>&1 as an argument'],
  ['a variable', 'ENTRYPOINT ["java", "-jar", "$JAR"]', '2:30 $JAR stays as it is'],
  ['a variable with braces', 'CMD ["a", "${B:-c}"]', '2:12 $B stays as it is'],
  ['a part of a word', 'ENV PORT=1\nCMD ["a", "--port=$PORT"]', '3:12 $PORT stays as it is']
])('%s', async (_, lines, message) => {
  const found = await problems(rule, { Dockerfile: `FROM x\n${lines}\n` })
  expect(found.map(line => line.split(': no shell')[0])).toEqual([`Dockerfile:${message}`])
})

test.each([
  ['a shell', 'CMD ["sh", "-c", "a && b $C"]'],
  ['a shell behind another program', 'CMD ["tini", "--", "bash", "-c", "exec $C"]'],
  ['the shell form', 'CMD a && b $C'],
  ['a price', 'CMD ["a", "$5"]'],
  ['a part of a word that no one declares', 'CMD ["nginx", "-g", "log_format a $uri;"]'],
  ['a script of another language', 'CMD ["node", "-e", "`${A}`"]'],
  ['what an entrypoint reads', 'ENTRYPOINT ["/entry"]\nCMD ["a", "&&", "$B"]']
])('%s is fine', async (_, lines) => {
  expect(await problems(rule, { Dockerfile: `FROM x\nENV Z=1\n${lines}\n` })).toEqual([])
})

test.each([
  ['CMD ["a", "$B"]', 'CMD ["sh", "-c", "exec a $B"]'],
  ['CMD ["a", "b", "&&", "c", "d"]', 'CMD ["sh", "-c", "a b && exec c d"]'],
  ['CMD ["a", "|", "b"]', 'CMD ["sh", "-c", "a | b"]'],
  ['HEALTHCHECK --timeout=1s CMD ["a", "||", "exit", "1"]', 'HEALTHCHECK --timeout=1s CMD ["sh", "-c", "a || exit 1"]'],
  ['ENTRYPOINT ["${B}"]', 'ENTRYPOINT ["sh", "-c", "exec ${B}"]'],
  ['ENTRYPOINT ["a", "$B"]\nCMD ["c"]', undefined],
  ['CMD ["a", "$B", "c d"]', undefined]
])('the edit for %s', async (lines, mended) => {
  const Dockerfile = `FROM x\n${lines}\n`
  const [first] = run([rule], await repoOf({ Dockerfile }), () => ({})).found
  expect(first?.problem.edits && applied(Dockerfile, first.problem.edits)).toBe(mended && `FROM x\n${mended}\n`)
  if (mended) expect(await problems(rule, { Dockerfile: `FROM x\n${mended}\n` })).toEqual([])
})

test('it offers no shell where there is none', async () => {
  const { found } = run([rule], await repoOf({ Dockerfile: 'FROM scratch\nCMD ["a", "$B"]\n' }), () => ({}))
  expect(found.map(({ problem }) => problem.edits)).toEqual([undefined])
})
