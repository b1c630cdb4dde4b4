import assert from 'node:assert'
import { test } from 'node:test'

test('it has a server', () => assert.ok(true))
