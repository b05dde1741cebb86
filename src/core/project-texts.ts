/* The texts that `init` writes. */

/** `my-site`, `@acme/site` → the family and what it is called. */
export function familyFromName(name: string): { family: string; displayName: string } {
  const word = /^@([^/]+)\//.exec(name)?.[1] ?? name
  const family = word
    .normalize('NFD')
    .toUpperCase()
    .replace(/[^A-Z]/g, '')
    .slice(0, 16)
  if (family === '') return { family: 'SITE', displayName: 'Site' }
  const displayName = word
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map((part) => part[0]!.toUpperCase() + part.slice(1))
    .join(' ')
  return { family, displayName }
}

/** @param hasPackage - whether the package is installed, so that its function can be imported */
export function configText(families: Readonly<Record<string, string>>, hasPackage: boolean): string {
  const list = Object.entries(families).map(([family, name]) => `${family}: ${quoted(name)}`)
  return [
    hasPackage ? `import { defineConfig } from 'assetloom'` : `import type { AssetloomOptions } from 'assetloom'`,
    '',
    hasPackage ? 'export default defineConfig({' : 'export default {',
    '  tokens: {',
    '    // Families stand in the middle of a token, LOGO-FAMILY-MARK001: one per brand or product.',
    `    families: { ${list.join(', ')} },`,
    '    // The family of specs that name none.',
    `    defaultFamily: ${quoted(Object.keys(families)[0]!)},`,
    '  },',
    '  // With a budget, dev and build may pay for what is missing; without one only `assetloom generate` may.',
    '  // budget: { monthlyUsd: 5 },',
    hasPackage ? '})' : '} satisfies AssetloomOptions',
    '',
  ].join('\n')
}

const quoted = (text: string) =>
  `'${text
    .replace(/\\/g, '\\\\')
    .replace(/'/g, "\\'")
    .replace(/[\n\r\u2028\u2029]/g, ' ')}'`

export function exampleSpecText(family: string): string {
  return `# Made on this machine, free of charge: assetloom generate specs/example.yaml
version: "1.0"
id: example-badge
metadata:
  category: Icons
  tags: [example]
  alt: "Example badge"
generation: { type: image, provider: local, recipe: badge }
prompt:
  base: "round badge"
  parameters: { size: 128x128, seed: 7 }
integration:
  manifest_key: exampleBadge
  token: { prefix: ICON, family: ${family}, variant: MAIN }
  description: "A badge to begin with; delete it when you have assets of your own"
`
}

/** @param path - of the env file, relative to the project */
export function envText(path: string): string {
  return `/// <reference path="${'../'.repeat(path.split('/').length - 1) || './'}.assetloom/types/assets.d.ts" />\n`
}

export const gitignoreLine = '.assetloom/'

/** True when a .gitignore keeps our folder out already. */
export function ignoresHome(text: string): boolean {
  return text.split(/\r?\n/).some((line) => /^\/?(?:\*\*\/)?\.assetloom(?:\/\*{0,2})?$/.test(line.trim()))
}

/**
 * `asset:<command>` in package.json, so that `npm run asset:browse` works. Commands of two words share the script of their
 * first: `asset:cache` takes `stats`.
 */
export function packageScripts(commands: readonly string[]): Record<string, string> {
  const words = new Set(commands.map((command) => command.split(' ')[0]!))
  return { asset: 'assetloom', ...Object.fromEntries([...words].map((word) => [`asset:${word}`, `assetloom ${word}`])) }
}

export const editorSettings: Readonly<Record<string, string[]>> = {
  'typescript.preferences.autoImportSpecifierExcludeRegexes': ['^~?asset[:/]'],
  'javascript.preferences.autoImportSpecifierExcludeRegexes': ['^~?asset[:/]'],
}

export type HostConfigKind = 'vite' | 'astro'

/** What a person would add to the host's config. */
export function hostConfigLines(kind: HostConfigKind): string[] {
  return [
    `import assetloom from 'assetloom/${kind}'`,
    kind === 'astro' ? 'integrations: [assetloom()]' : 'plugins: [assetloom()]',
  ]
}

/** A Vite config where there is none. */
export const viteConfigText = `import assetloom from 'assetloom/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [assetloom()],
})
`

const head = String.raw`^((?:\s*(?://[^\n]*|/\*[^]*?\*/|import [^\n]+))*\s*)`
const viteTemplate = new RegExp(
  String.raw`${head}export default defineConfig\(\{\s*plugins: \[([^\[\]]*)\],?\s*\}\);?\s*$`,
)
const astroTemplate = new RegExp(
  String.raw`${head}export default defineConfig\(\{\s*(?:integrations: \[([^\[\]]*)\],?\s*)?\}\);?\s*$`,
)

/**
 * The host's config with Assetloom in it; only for a text that has the very shape of an untouched template.
 * @returns undefined when the text is anything else
 */
export function withAssetloom(text: string, kind: HostConfigKind): string | undefined {
  const match = (kind === 'vite' ? viteTemplate : astroTemplate).exec(text)
  if (!match) return undefined
  const semicolon = /^import [^\n]+;\s*$/m.test(text) ? ';' : ''
  const inner = (match[2] ?? '').trim().replace(/,$/, '')
  const call = inner === '' ? 'assetloom()' : `assetloom(), ${inner}`
  const lines = match[1]!.split('\n')
  const lastImport = lines.findLastIndex((line) => line.startsWith('import '))
  if (lastImport < 0) return undefined
  lines.splice(lastImport + 1, 0, `import assetloom from 'assetloom/${kind}'${semicolon}`)
  const member = kind === 'vite' ? 'plugins' : 'integrations'
  return `${lines.join('\n')}export default defineConfig({\n  ${member}: [${call}],\n})${semicolon}\n`
}
