import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/end-of-life-base-image.js'
import { problems } from '../../helpers.js'

test.each([
  ['FROM node:16', ['1:6 Node.js 16 reached its end of life on 2023-09-11']],
  ['FROM docker.io/library/node:16.20.1-slim', ['1:6 Node.js 16 reached its end of life on 2023-09-11']],
  ['ARG V=3.8\nFROM python:$V', ['2:6 Python 3.8 reached its end of life on 2024-10-07 (python:3.8 by default)']],
  ['FROM debian:buster-slim', ['1:6 Debian 10 reached its end of life on 2024-06-30']],
  ['FROM acme/tool:1-buster', ['1:6 Debian 10 reached its end of life on 2024-06-30']],
  ['FROM debian:bookworm', []],
  ['FROM acme/node:16', []],
  ['FROM node', []],
  ['ARG V\nFROM node:$V', []],
  ['FROM node:22 AS a\nFROM a', []]
])('%s', async (text, expected) =>
  expect(await problems(rule, { Dockerfile: text })).toEqual(expected.map(each => `Dockerfile:${each}`))
)
