import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/shell-syntax-in-exec-form.js'
import { problems } from '../../helpers.js'

test.each([
  ['&&', 'CMD ["npm", "ci", "&&", "npm", "start"]', '2:20 npm gets && as an argument'],
  ['|| in a check', 'HEALTHCHECK CMD ["/bin/curl", "-f", "x", "||", "exit", "1"]', '2:43 curl gets || as an argument'],
  ['a redirect', 'RUN ["a", "2>&1"]', '2:12 a gets 2>&1 as an argument'],
  ['a variable', 'ENTRYPOINT ["java", "-jar", "$JAR"]', '2:30 nothing puts in JAR here'],
  ['a variable with braces', 'CMD ["a", "${B:-c}"]', '2:12 nothing puts in B here'],
  ['a part of a word', 'ENV PORT=1\nCMD ["a", "--port=$PORT"]', '3:12 nothing puts in PORT here']
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
