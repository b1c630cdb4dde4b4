import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/invalid-instruction.js'
import { problems } from '../../helpers.js'

const digest = 'FROM a:1\n'
const said = async (text: string) =>
  (await problems(rule, { Dockerfile: text })).map(each => each.slice('Dockerfile:'.length))

test.each([
  ['COPPY x /y', "2:1 there is no instruction 'COPPY': COPY is one"],
  ['EXPOS 80', "2:1 there is no instruction 'EXPOS': EXPOSE is one"],
  ['apt-get install x', "2:1 there is no instruction 'APT-GET'"],
  ['ONBUILD RUNN x', "2:9 there is no instruction 'RUNN': RUN is one"],
  ['ONBUILD', '2:1 ONBUILD needs an instruction'],
  ['WORKDIR', '2:1 WORKDIR needs an argument'],
  ['ENV', '2:1 ENV needs an argument'],
  ['COPY x', '2:6 COPY needs a source and a destination'],
  ['ADD --chown=1 x', '2:15 ADD needs a source and a destination'],
  ['COPY --form=x /a /b', "2:6 COPY has no flag '--form': --from is one"],
  ['COPY --from x /a /b', '2:6 --from needs its value behind an equals sign'],
  ['COPY --link=1 /a /b', '2:6 --link is true or false'],
  ['COPY --chown=1 --chown=2 /a /b', '2:16 --chown is given twice'],
  ['CMD --help', "2:5 CMD has no flag '--help', and none at all"],
  ['ENTRYPOINT --config=x', "2:12 ENTRYPOINT has no flag '--config', and none at all"],
  ['ENV A=1 B', "2:9 'B' is no pair: blanks in a value need quotes"],
  ['ENV A', '2:5 ENV needs a name and a value'],
  ['LABEL a=one two', "2:13 'two' is no pair: blanks in a value need quotes"],
  ['ENV =1', '2:5 ENV has a value without a name'],
  ['FROM b:1 # why', '2:10 a comment needs a line of its own'],
  ['FROM b:1 AS x # why', '2:15 a comment needs a line of its own'],
  ['FROM b:1 IS x', "2:10 FROM image is followed by AS, not by 'IS'"],
  ['FROM b:1 AS', '2:10 AS needs the name of the stage'],
  ['FROM b:1 AS 2nd', "2:13 '2nd' cannot be the name of a stage: a letter, then letters, digits and _ . -"],
  ['FROM b:1 AS x y', '2:15 FROM ends after the name of the stage'],
  ['HEALTHCHECK curl x', "2:13 HEALTHCHECK is followed by CMD or NONE, not by 'curl'"],
  ['HEALTHCHECK CMD', '2:13 HEALTHCHECK CMD needs a command'],
  ['HEALTHCHECK NONE x', '2:18 HEALTHCHECK NONE takes no argument'],
  ['SHELL /bin/bash -c', '2:7 SHELL needs a JSON array: ["/bin/bash", "-c"]']
])('reports %s', async (line, expected) => expect(await said(digest + line)).toEqual([expected]))

test.each([
  'copy x /y',
  'COPY --link --chown=1:1 --exclude=a --exclude=b x /y',
  'COPY --parents x/y /z',
  'COPY <<E /x\ny\nE',
  'COPY ["x", "/y"]',
  'RUN --mount=type=cache,target=/a --mount=type=cache,target=/b --network=none x',
  'RUN -- --x',
  'CMD',
  'CMD []',
  'ENTRYPOINT []',
  'ENV A b c',
  'ENV A="b c" D=e',
  'ENV A=',
  'LABEL "a b"="c"',
  'ARG A B=1',
  'FROM b:1 AS x-y_z.1',
  'HEALTHCHECK --interval=5s NONE',
  'healthcheck --interval=5s cmd x',
  'SHELL ["/bin/bash", "-c"]',
  'ONBUILD RUN x',
  'STOPSIGNAL 9'
])('accepts %j', async line => expect(await said(digest + line)).toEqual([]))

test.each([
  ['a directive twice', '# syntax=docker/dockerfile:1\n# syntax=docker/dockerfile:2\n', '2:1'],
  ['another escape character', '# escape=^\n', '1:10']
])('reports %s', async (_, lines, place) =>
  expect((await said(`${lines}FROM a:1`)).map(each => each.split(' ')[0])).toEqual([place])
)

test('leaves the instructions of another syntax alone', async () => {
  expect(await said('# syntax=acme/dockerfile-more:1\nFROM a:1\nINCLUDE x')).toEqual([])
  expect(await said('# syntax=docker.io/docker/dockerfile:1-labs\nFROM a:1\nINCLUDE x')).toHaveLength(1)
})

test('leaves a file without FROM alone', async () => expect(await said('INCLUDE x\nENV')).toEqual([]))
