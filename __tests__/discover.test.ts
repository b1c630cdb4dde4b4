import { expect, test } from '@jest/globals'
import {
  inChartTemplates,
  isTemplateName,
  isTemplateText,
  kindOf,
  looksLikeManifest,
  mayHoldManifest
} from '../src/discover.js'

test.each([
  ['.github/workflows/ci.yml', 'workflow'],
  ['.github/workflows/ci.yaml', 'workflow'],
  ['.github/workflows/sub/ci.yml', undefined],
  ['sub/.github/workflows/ci.yml', undefined],
  ['action.yml', 'action'],
  ['.github/actions/setup/action.yaml', 'action'],
  ['my-action.yml', undefined],
  ['.github/dependabot.yml', 'dependabot'],
  ['dependabot.yml', undefined],
  ['Dockerfile', 'dockerfile'],
  ['deploy/Dockerfile.prod', 'dockerfile'],
  ['Dockerfile-Alpine', 'dockerfile'],
  ['dockerfile', 'dockerfile'],
  ['api.Dockerfile', 'dockerfile'],
  ['Containerfile', 'dockerfile'],
  ['Containerfile.dev', 'dockerfile'],
  ['Dockerfile.md', undefined],
  ['lib/dockerfile_test.exs', undefined],
  ['dockerfile.go', undefined],
  ['.dockerignore', 'ignore-file'],
  ['Dockerfile.dockerignore', 'ignore-file'],
  ['.containerignore', 'ignore-file'],
  ['compose.yml', 'compose'],
  ['docker-compose.prod.yaml', 'compose'],
  ['prod.compose.yml', 'compose'],
  ['decompose.yml', undefined],
  ['chart/Chart.yaml', 'chart'],
  ['CODEOWNERS', 'codeowners'],
  ['.github/CODEOWNERS', 'codeowners'],
  ['src/CODEOWNERS', undefined]
])('%s is %s', (path, kind) => expect(kindOf(path)).toBe(kind))

test.each([
  ['Dockerfile.j2', true],
  ['compose.yml.tmpl', true],
  ['{{cookiecutter.slug}}/Dockerfile', true],
  ['Dockerfile', false],
  ['Dockerfile.prod', false]
])('%s is a template by its name: %s', (path, is) => expect(isTemplateName(path)).toBe(is))

test.each([
  ['dockerfile', 'FROM {{ base }}\n', true],
  ['dockerfile', '{% if x %}\nFROM a\n{% endif %}\n', true],
  ['dockerfile', 'FROM a\nRUN echo "{{ not a template }}" | docker inspect -f "{{.Id}}"\n', false],
  ['workflow', 'run: ${{ github.sha }}\n', false],
  ['workflow', 'run: cd {{cookiecutter.name}}\n', false],
  ['compose', 'name: {{cookiecutter.name}}\n', true],
  ['manifest', 'name: {{ .Values.name }}\n', true],
  ['manifest', 'text: "{{"\n', false],
  ['compose', 'image: a:${TAG}\n', false]
] as const)('a %s holding %j is a template: %s', (kind, text, is) => expect(isTemplateText(kind, text)).toBe(is))

test('what lies below templates of a chart is a template', () => {
  const charts = new Set(['chart', ''])
  expect(inChartTemplates('chart/templates/a/deployment.yaml', charts)).toBe(true)
  expect(inChartTemplates('templates/deployment.yaml', charts)).toBe(true)
  expect(inChartTemplates('chart/values.yaml', charts)).toBe(false)
  expect(inChartTemplates('app/templates/deployment.yaml', charts)).toBe(false)
})

test('a manifest is known by its folder first and by its keys then', () => {
  expect(mayHoldManifest('k8s/web.yml')).toBe(true)
  expect(mayHoldManifest('web.yml')).toBe(false)
  expect(looksLikeManifest('kind: Pod\napiVersion: v1\n')).toBe(true)
  expect(looksLikeManifest('a:\n  kind: Pod\n  apiVersion: v1\n')).toBe(false)
  expect(looksLikeManifest('{"apiVersion": "v1"}\n')).toBe(false)
})

test('looks for the marks of templates through any number of blanks', () => {
  const text = `FROM a\nRUN b \\\n${'\n'.repeat(200_000)}  c\nFROM${' '.repeat(200_000)}d`
  expect(isTemplateText('dockerfile', text)).toBe(false)
})
