import { expect, test } from '@jest/globals'
import broken from '../../../src/rules/ignore-file/broken-pattern.js'
import comment from '../../../src/rules/ignore-file/comment-in-pattern.js'
import idle from '../../../src/rules/ignore-file/idle-exception.js'
import { problems } from '../../helpers.js'
import { mended } from '../dockerfile/places.js'

const Dockerfile = 'FROM scratch\n'
const placesOf = async (rule: typeof idle, text: string) =>
  (await problems(rule, { Dockerfile, '.dockerignore': text })).map(found =>
    found.split(' ')[0]!.split(':').slice(1).join(':')
  )

test.each([
  ['an open bracket', 'a[b', ['1:1']],
  ['a range without an end', 'a[b-]', ['1:1']],
  ['nothing in brackets', 'a\n[]', ['2:1']],
  ['a lone backslash', 'a\\', ['1:1']],
  ['a lone exclamation mark', '*\n!', ['2:1']],
  ['brackets', 'a[b-c]', []],
  ['an escaped bracket', 'a\\[b', []],
  ['a closing bracket alone', 'a]', []]
])('it finds patterns that the builder refuses: %s', async (_, text, found) =>
  expect(await placesOf(broken, text)).toEqual(found)
)

test.each([
  ['behind a pattern', '.env # local', ['1:1']],
  ['indented', 'a\n  # local', ['2:3']],
  ['in the first column', '# local\na', []],
  ['in a name', 'a#b', []]
])('it finds comments that are none: %s', async (_, text, found) =>
  expect(await placesOf(comment, text)).toEqual(found)
)

test.each([
  ['a\n  .env # local\n', 'a\n# local\n.env\n', 0],
  ['!a #b\n', '#b\n!a\n', 0],
  ['  # local\n', '# local\n', 0],
  ['a # see b/c\n', 'a # see b/c\n', 1]
])('it gives the comment in %j a line of its own', async (before, after, left) =>
  expect(await mended(comment, { Dockerfile, '.dockerignore': before }, '.dockerignore')).toEqual([after, left])
)

test.each([
  ['before the pattern', '!a\n*', ['1:1']],
  ['after none', '!a', ['1:1']],
  ['of something else', 'b\n!a', ['2:1']],
  ['left out again', '*\n!a\na', ['2:1']],
  ['its folder left out again', '*\n!a/b\na', ['2:1']],
  ['brought back already', '*\n!a\n!a/b', ['3:1']],
  ['after what leaves it out', '*\n!a', []],
  ['a file of a folder', 'a\n!a/b', []],
  ['a folder of which a part is left out', 'a/*.txt\n!a', []],
  ['a folder, parts of it at any depth', '**/*.txt\n!a', []],
  ['a part of it left out again', '*\n!a\na/b', []],
  ['left out and brought back once more', '*\n!a\na\n!a/b', []],
  ['a wildcard', 'b\n!*.md', []],
  ['a wildcard after none', '!*.md\nb', ['1:1']]
])('it finds exceptions that bring nothing back: %s', async (_, text, found) =>
  expect(await placesOf(idle, text)).toEqual(found)
)

test.each([
  ['beside a Dockerfile', 'a/.dockerignore', { 'a/Dockerfile': Dockerfile }, 1],
  ['above one', '.dockerignore', { 'a/b/Dockerfile': Dockerfile }, 1],
  ['in a context', 'ctx/.dockerignore', { 'compose.yml': 'services:\n  a:\n    build:\n      context: ctx\n' }, 1],
  ['of one Dockerfile', 'a/Dockerfile.dockerignore', { 'a/Dockerfile': Dockerfile }, 1],
  ['of no Dockerfile', 'b/Dockerfile.dockerignore', { 'a/Dockerfile': Dockerfile }, 0],
  ['of no build', 'b/.dockerignore', { 'a/Dockerfile': Dockerfile }, 0]
])('it looks at ignore files that a build may use: %s', async (_, path, others, count) =>
  expect(await problems(broken, { ...others, [path]: '[' })).toHaveLength(count)
)
