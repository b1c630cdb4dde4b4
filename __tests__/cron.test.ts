import { expect, test } from '@jest/globals'
import { readCron, shortestGap } from '../src/cron.js'

test.each([['0 0 * * *'], ['*/5 * * * *'], ['5/15 9-17 1,15 JAN-MAR mon'], ['  0   0 * * 0 '], ['59 23 31 12 6']])(
  'it reads %s',
  text => expect(Array.isArray(readCron(text))).toBe(true)
)

test.each([
  ['0 0 * *', 'it has 4 fields in place of five', 0, 7],
  ['0 24 * * *', "'24' is no hour, which goes from 0 to 23", 2, 4],
  ['0 0 0 * *', "'0' is no day of the month, which goes from 1 to 31", 4, 5],
  ['0 0 * * 7', "'7' is no day of the week, which goes from 0 to 6", 8, 9],
  ['9-5 * * * *', "'9-5' ends before it begins", 0, 3],
  ['*/0 * * * *', "'/0' is no step", 0, 3],
  ['1,,2 * * * *', "'' is no minute", 0, 4],
  ['1-2-3 * * * *', "'1-2-3' is no minute", 0, 5],
  ['@daily', '@daily is not known to GitHub: write five fields', 0, 6]
])('it does not read %s', (text, message, from, to) => expect(readCron(text)).toEqual({ message, from, to }))

test.each([
  ['0 0 * * *', Number.POSITIVE_INFINITY],
  ['0 * * * *', 60],
  ['*/5 * * * *', 5],
  ['0,58 * * * *', 2],
  // The next hour is none of these.
  ['0,58 */2 * * *', 58],
  ['0,58 23,0 * * *', 2]
])('the shortest gap of %s is %d minutes', (text, gap) => {
  const cron = readCron(text)
  expect(Array.isArray(cron) && shortestGap(cron)).toBe(gap)
})
