import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/download-without-checksum.js'
import { places } from './lines.js'

test.each([
  ['ADD https://a.example/x.tar.gz /opt/', ['2:5']],
  ['ADD --chmod=644 y https://a.example/x-$V.jar /opt/', ['2:19']],
  ['ADD ["https://a.example/x", "/opt/"]', ['2:7']],
  ['ONBUILD ADD https://a.example/x /opt/', ['2:13']],
  ['ADD https://github.com/a/b.git#main /src', ['2:5']],
  ['ADD git@github.com:a/b.git /src', ['2:5']],
  [`ADD https://github.com/a/b.git#${'0a1b2'.repeat(8)} /src`, []],
  ['ADD --checksum=sha256:00 https://a.example/x /opt/', []],
  ['ADD x.tar.gz /opt/', []],
  ['ADD x https://a.example', []],
  ['COPY https://a.example/x /opt/', []]
])('%s', async (line, found) => expect(await places(rule, `FROM a:1\n${line}`)).toEqual(found))
