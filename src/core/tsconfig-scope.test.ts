import { describe, expect, it } from 'vitest'
import { parseJsonc } from './jsonc.ts'
import { familyFromName, ignoresHome, withAssetloom } from './project-texts.ts'
import { envFilePlace, type TsconfigScope } from './tsconfig-scope.ts'

const cases: [string, TsconfigScope[], string][] = [
  ['no tsconfig', [], 'assetloom-env.d.ts'],
  ['everything', [{ folder: '' }], 'assetloom-env.d.ts'],
  [
    'create-vite react-ts',
    [
      { folder: '', files: [] },
      { folder: '', include: ['src'] },
      { folder: '', include: ['vite.config.ts'] },
    ],
    'src/assetloom-env.d.ts',
  ],
  [
    'create-vite vue-ts',
    [
      { folder: '', files: [] },
      { folder: '', include: ['vite.config.ts'] },
      { folder: '', include: ['src/**/*.ts', 'src/**/*.tsx', 'src/**/*.vue'] },
    ],
    'src/assetloom-env.d.ts',
  ],
  ['create-astro', [{ folder: '', include: ['.astro/types.d.ts', '**/*'], exclude: ['dist'] }], 'assetloom-env.d.ts'],
  ['another folder', [{ folder: '', include: ['client/**/*'] }], 'client/assetloom-env.d.ts'],
  ['./ spelling', [{ folder: '', include: ['./src/**/*'] }], 'src/assetloom-env.d.ts'],
  [
    'a project in a folder',
    [
      { folder: '', files: [] },
      { folder: 'web', include: ['src'] },
    ],
    'web/src/assetloom-env.d.ts',
  ],
  ['the env folder is excluded', [{ folder: '', exclude: ['*.d.ts'] }], 'src/assetloom-env.d.ts'],
]
describe('envFilePlace', () => {
  it.each(cases)('%s', (_name, scopes, place) => expect(envFilePlace(scopes)).toBe(place))
})

describe('parseJsonc', () => {
  it('reads comments, trailing commas and what looks like them in strings', () =>
    expect(parseJsonc('\ufeff{ // a\n "a": "http://x/*no*/,}", /* b */ "b": [1, 2,], }')).toEqual({
      a: 'http://x/*no*/,}',
      b: [1, 2],
    }))
  it('is undefined for anything else', () => expect(parseJsonc('{ a: 1 }')).toBeUndefined())
})

describe('withAssetloom', () => {
  const template =
    "import { defineConfig } from 'vite'\nimport react from '@vitejs/plugin-react'\n\n// https://vite.dev/config/\nexport default defineConfig({\n  plugins: [react()],\n})\n"
  it('adds the plugin to an untouched template', () =>
    expect(withAssetloom(template, 'vite')).toBe(
      template
        .replace("react'\n", "react'\nimport assetloom from 'assetloom/vite'\n")
        .replace('[react()]', '[assetloom(), react()]'),
    ))
  it('keeps the semicolons of the Astro template', () =>
    expect(
      withAssetloom(
        "// @ts-check\nimport { defineConfig } from 'astro/config';\n\nexport default defineConfig({});\n",
        'astro',
      ),
    ).toBe(
      "// @ts-check\nimport { defineConfig } from 'astro/config';\nimport assetloom from 'assetloom/astro';\n\nexport default defineConfig({\n  integrations: [assetloom()],\n});\n",
    ))
  it.each([
    template.replace('plugins:', "base: '/x/',\n  plugins:"),
    template.replace('defineConfig({', 'defineConfig(({ mode }) => ({'),
    template.replace('[react()]', '[react({ babel: { plugins: [] } })]'),
    template.replace('export default', 'const config ='),
    'module.exports = {}',
  ])('leaves any other text alone: %#', (text) => expect(withAssetloom(text, 'vite')).toBeUndefined())
})

it.each([
  ['my-site', 'MYSITE', 'My Site'],
  ['@acme/web', 'ACME', 'Acme'],
  ['2048', 'SITE', 'Site'],
  ['café', 'CAFE', 'Café'],
])('familyFromName(%s)', (name, family, displayName) => expect(familyFromName(name)).toEqual({ family, displayName }))

it.each([
  ['.assetloom/', true],
  ['node_modules\r\n/.assetloom', true],
  ['.assetloom/*', true],
  ['# .assetloom', false],
  ['x.assetloom/', false],
])('ignoresHome(%j)', (text, is) => expect(ignoresHome(text)).toBe(is))
