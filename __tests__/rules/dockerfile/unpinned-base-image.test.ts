import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/unpinned-base-image.js'
import { found, problems } from '../../helpers.js'

const digest = `sha256:${'a1'.repeat(32)}`

test.each([
  ['no tag', 'FROM node', ['1:6']],
  ['latest', 'FROM node:latest', ['1:6']],
  ['a registry with a port and no tag', 'FROM localhost:5000/team/app', ['1:6']],
  ['a flag in front', 'FROM --platform=$BUILDPLATFORM node AS build', ['1:32']],
  ['no tag by default', 'ARG BASE=node\nFROM $BASE', ['2:6']],
  ['latest by default', 'ARG V=latest\nFROM node:${V}', ['2:6']],
  ['several stages', 'FROM node AS a\nFROM node:22 AS b\nFROM nginx', ['1:6', '3:6']],
  ['its own name', 'FROM node AS node', ['1:6']],
  ['no tag in any registry', 'ARG R\nFROM $R/team/app', ['2:6']],
  ['latest in any registry', 'ARG R\nFROM ${R}/app:latest', ['2:6']]
])('reports a base with %s', async (_, text, places) => {
  const found = await problems(rule, { Dockerfile: text })
  expect(found.map(each => each.split(' ')[0])).toEqual(places.map(place => `Dockerfile:${place}`))
})

test.each([
  ['a tag', 'FROM node:22'],
  ['a digest', `FROM node@${digest}`],
  ['latest and a digest', `FROM node:latest@${digest}`],
  ['nothing in it', 'FROM scratch'],
  ['an earlier stage', 'FROM node:22 AS base\nFROM base'],
  ['an earlier stage in other case', 'FROM node:22 AS Base\nFROM BASE'],
  ['a variable without a default', 'ARG V\nFROM node:$V'],
  ['a variable that nothing declares', 'FROM $BASE'],
  ['a default that is a tag', 'ARG V=22\nFROM node:$V'],
  ['a tag in any registry', 'ARG R\nFROM $R/app:1'],
  ['a name that must be given', 'ARG R\nFROM ${R?acme/app}'],
  ['a name that the build completes', 'ARG S\nFROM acme/app$S'],
  ['a tag that begins with latest', 'FROM acme/app:latest-2024']
])('accepts a base with %s', async (_, text) => expect(await problems(rule, { Dockerfile: text })).toEqual([]))

test('accepts an image that the repository builds', async () => {
  const files = {
    'compose.yaml': 'services:\n  base:\n    image: acme-base\n    build: base\n  app:\n    build: .\n',
    Dockerfile: 'FROM acme-base\n'
  }
  expect(await problems(rule, files)).toEqual([])
  expect(await problems(rule, { Dockerfile: files.Dockerfile })).toHaveLength(1)
})

test('says what floats', async () => {
  expect(await problems(rule, { Dockerfile: 'ARG V=latest\nFROM node:$V\nFROM nginx' })).toEqual([
    'Dockerfile:2:6 node:latest is a moving tag by default: each build takes what was pushed last',
    'Dockerfile:3:6 nginx has no tag: each build takes what was pushed last'
  ])
})

test('wants a digest where the option says so', async () => {
  const text = `FROM node:22\nFROM node@${digest}\nFROM node:22@${digest}\nFROM scratch\nARG V\nFROM node:22 AS x\nFROM x\nFROM $V`
  expect(await problems(rule, { Dockerfile: text }, { pin: 'digest' })).toEqual([
    'Dockerfile:1:6 node:22 has no digest: the tag can be pushed again',
    'Dockerfile:6:6 node:22 has no digest: the tag can be pushed again'
  ])
  expect(await problems(rule, { Dockerfile: text }, { pin: 'tag' })).toEqual([])
})

test('carries the ids of the tools that would report it', async () => {
  const peers = async (text: string) => (await found(rule, { Dockerfile: text }))[0]!.peers
  const others = { 'trivy-docker': 'DS-0001', 'checkov-dockerfile': 'CKV_DOCKER_7' }
  expect(await peers('FROM node')).toEqual({ ...others, hadolint: 'DL3006' })
  expect(await peers('FROM node:latest')).toEqual({ ...others, hadolint: 'DL3007' })
  expect(await peers('ARG R\nFROM $R/node')).toEqual(others)
})

test('accepts an image that the repository builds for any registry', async () => {
  const files = {
    'compose.yaml': 'services:\n  base:\n    image: ${R}/acme-base\n    build: base\n',
    Dockerfile: 'ARG R\nFROM $R/acme-base\n'
  }
  expect(await problems(rule, files)).toEqual([])
  expect(await problems(rule, { Dockerfile: files.Dockerfile })).toHaveLength(1)
})
