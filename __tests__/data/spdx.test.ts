import { expect, test } from '@jest/globals'
import { isLicence } from '../../src/data/spdx.js'

test.each(['MIT', 'apache-2.0', 'GPL-3.0-or-later', 'GPL-2.0', '0BSD', 'zlib-acknowledgement'])('%s is a licence', id =>
  expect(isLicence(id)).toBe(true)
)
test.each(['', 'free', 'Apache 2.0', 'MIT '])('%j is none', id => expect(isLicence(id)).toBe(false))
