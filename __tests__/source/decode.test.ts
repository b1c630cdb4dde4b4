import { expect, test } from '@jest/globals'
import { decode } from '../../src/source/decode.js'

const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16()

test.each<[string, Uint8Array, string]>([
  ['UTF-16 with its mark, little end first', Buffer.from('\ufeffon: push\n', 'utf16le'), 'is UTF-16: save it as UTF-8'],
  ['UTF-16 with its mark, big end first', swapped('\ufeffon: push\n'), 'is UTF-16: save it as UTF-8'],
  ['UTF-16 without a mark', Buffer.from('on: push\n', 'utf16le'), 'is UTF-16: save it as UTF-8'],
  ['UTF-16 without a mark, big end first', swapped('on: push\n'), 'is UTF-16: save it as UTF-8'],
  ['UTF-32', new Uint8Array([0xff, 0xfe, 0, 0, 65, 0, 0, 0]), 'is UTF-32: save it as UTF-8'],
  ['an image', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]), 'is binary: byte 9 is NUL']
])('it says what %s is', (_, bytes, reason) => expect(decode(bytes, 'f')).toEqual({ what: 'f', reason, broken: true }))

test.each<[string, Uint8Array, string]>([
  ['nothing', new Uint8Array(), ''],
  ['UTF-8 beyond ASCII', Buffer.from('größe: ✓ 漢字\n'), 'größe: ✓ 漢字\n'],
  ['a byte order mark', Buffer.from('\ufeffa\n'), '\ufeffa\n'],
  ['Latin-1', Buffer.from('größe\n', 'latin1'), 'gr\ufffd\ufffde\n'],
  ['a NUL far behind the start', Buffer.from(`${'x'.repeat(9000)}\0`), `${'x'.repeat(9000)}\0`]
])('it reads %s', (_, bytes, text) => expect(decode(bytes, 'f')).toBe(text))
