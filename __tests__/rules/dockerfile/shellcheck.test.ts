import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/shellcheck.js'
import { isInstalled, repoOf } from '../../helpers.js'

const withShellCheck = isInstalled('shellcheck') ? test : test.skip

withShellCheck.each([
  ['a variable without quotes', 'FROM a\nRUN echo $A', ['2:10 note SC2086']],
  ['ONBUILD', 'FROM a\nONBUILD RUN echo $A', ['2:18 note SC2086']],
  ['no stage', 'RUN echo $A', ['1:10 note SC2086']],
  ['a variable of nobody', 'FROM a\nRUN echo "$files"', ['2:11 warning SC2154']],
  ['an argument that ONBUILD does not find', 'FROM a\nARG files\nONBUILD RUN echo "$files"', ['3:19 warning SC2154']],
  ['what sh has not', 'FROM a\nRUN echo "$RANDOM"', ['2:11 warning SC3028']],
  ['what is no script', 'FROM a\nRUN if true; then', ['2:5 note SC1009', '2:14 error SC1073']],
  ['an argument', 'FROM a\nARG files\nRUN echo "$files"', []],
  ['a variable of the stage it builds on', 'FROM a AS b\nENV files=1\nFROM b\nRUN echo "$files"', []],
  ['what bash has', 'FROM a\nSHELL ["/bin/bash", "-c"]\nRUN echo "$RANDOM"', []],
  ['a file that is read in', 'FROM a\nRUN . /etc/os-release && . "$HOME/.profile"', []],
  ['the exec form', 'FROM a\nRUN ["echo", "$A"]', []],
  ['PowerShell', 'FROM a\nSHELL ["pwsh", "-c"]\nRUN echo $A', []],
  ['CMD', 'FROM a\nCMD echo $A', []]
])('it passes on what ShellCheck says: %s', async (_, text, expected) => {
  const { found } = run([rule], await repoOf({ Dockerfile: text }, ['shellcheck']), () => ({}))
  const told = found.map(({ problem: { at, severity, message } }) => {
    return `${at.line}:${at.column} ${severity} ${message.split(':')[0]}`
  })
  expect(told.filter(each => !/SC10(4|72)/.test(each))).toEqual(expected)
  expect(found.map(({ problem }) => problem.peers?.hadolint)).toEqual(
    found.map(({ problem }) => problem.message.split(':')[0])
  )
})
