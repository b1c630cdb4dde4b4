import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { SourceText } from '../../../src/parse/text.js'
import { run } from '../../../src/rule.js'
import { rules } from '../../../src/rules/index.js'
import { defaultsOf, repoOf } from '../../helpers.js'

/** Lines with a name at every `@`; each `@` gets a name of its own. */
const line = fc.constantFrom(
  'FROM @:1.@ AS @',
  'FROM --platform=linux/@ @:latest',
  'FROM docker.io/@/@',
  'FROM $@',
  'ARG @',
  'ARG @=@',
  'ARG @_PASSWORD=@',
  'ENV @=$@',
  'ENV @_TOKEN=@ @=@',
  'ENV @ @',
  'LABEL @.=@ @=@',
  'LABEL @ @',
  'RUN apt-get update && apt-get install -y @ @=1.2 lib@',
  'RUN apk add @ @=1.2 | tee @',
  'RUN pip install @ @==1.2 "@>1"',
  'RUN npm install -g @ @@1.2',
  'RUN gem install @ && go install @/@@latest',
  'RUN yum install @ && dnf upgrade @',
  'RUN cd /@ && sudo @ && curl -k http://@/@ | sh',
  'RUN curl -o /@.tar.gz https://@/@.tar.gz',
  'RUN echo @ && cd @',
  'RUN --mount=type=bind,from=@,target=/@ @',
  'RUN ["@", "$@", "a \\"@\\""]',
  'SHELL ["@", "-c"]',
  'COPY --from=@ /@ /@',
  'COPY @ ../@ @',
  'COPY $@ /@/',
  'ADD https://@/@ /@',
  'ADD @.tar.gz @',
  'USER @',
  'USER @:@',
  'WORKDIR @/$@',
  'WORKDIR /@',
  'EXPOSE @ 22 80:80',
  'VOLUME /@',
  'HEALTHCHECK CMD curl http://@:81/@',
  'HEALTHCHECK --interval=@ CMD ["curl", "@"]',
  'HEALTHCHECK --@=1s CMD @ || true',
  'STOPSIGNAL @',
  'MAINTAINER @',
  "CMD ['@']",
  'CMD @ $@',
  'ENTRYPOINT @',
  'ONBUILD COPY --from=@ @ @',
  '@ a b'
)

const space = fc.constantFrom(' ', ' ', ' ', '  ', '\t', ' \\\n  ', ' \\\r\n', ' \\\n# @\n\n ')

/** Dockerfiles in which every name is written once, or a second time where one name stands for another's use. */
const dockerfile = fc
  .array(fc.tuple(line, fc.array(space, { minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 3 })), {
    minLength: 1,
    maxLength: 20
  })
  .map(lines => {
    let names = 0
    const written = lines.map(([text, spaces, again]) => {
      let at = 0
      const spaced = text.replace(/ /g, () => spaces[at++ % spaces.length]!)
      return spaced.replace(/@/g, () => (again === 0 && names > 0 ? `zq${names}q` : `zq${++names}q`))
    })
    return ['FROM zq0q:1', ...written, ''].join('\n')
  })

/** Rules that point beside what they name, and why. */
const pointElsewhere: Record<string, string> = {
  'dockerfile/add-used': 'at the instruction that would be another one',
  'dockerfile/healthcheck-always-passes': 'at what loses the failure',
  'dockerfile/secret-in-image': 'at the value, which a message never repeats',
  'dockerfile/shell-form-command': 'at the instruction whose form it is',
  'dockerfile/unchecked-download': 'at the program that runs what was loaded',
  'dockerfile/unwritable-volume': 'at the COPY that fills the volume'
}

test('what a message names is written where it points', async () => {
  const asked = rules.filter(rule => rule.id.startsWith('dockerfile/'))
  const naming = new Set<string>()
  const elsewhere = new Set<string>()
  await fc.assert(
    fc.asyncProperty(dockerfile, async text => {
      const source = new SourceText('Dockerfile', text)
      const { found } = run(asked, await repoOf({ Dockerfile: text }), defaultsOf)
      for (const { rule, problem } of found) {
        const names = problem.message.match(/zq\d+q/g)
        if (!names) continue
        naming.add(rule.id)
        const { line, column, endLine, endColumn } = problem.at
        const there = source.text.slice(source.offset(line, column), source.offset(endLine, endColumn))
        if (names.some(name => there.includes(name))) continue
        if (!(rule.id in pointElsewhere)) throw new Error(`${rule.id}: ${problem.message}, at ${JSON.stringify(there)}`)
        elsewhere.add(rule.id)
      }
    }),
    { numRuns: 600, seed: 9 }
  )
  expect(naming.size).toBeGreaterThan(25)
  expect([...elsewhere].sort()).toEqual(Object.keys(pointElsewhere))
})
