import { byCodeUnit, codeText } from './code-text.ts'
import type { Entry } from './manifest.ts'
import { safeIdentifiers, toIdentifier } from './safe-identifiers.ts'

/** An asset that gets a constant. */
export interface ConstantAsset {
  ref: string
  entry: Entry
  aliases: readonly string[]
}

/** What the first lines of the file say; a file without it is not ours to write over. */
export const constantsMark = 'Written by Assetloom from the manifest; edits are lost.'

/** A folder of `ASSETS`: what stands in it, by the name it was given. */
interface Group {
  assets: Map<string, string>
  groups: Map<string, Group>
}

/**
 * The text of `assets.gen.ts`: `ASSETS` with every asset
 * - by its alias: `ASSETS.particleWhite`
 * - by section and alias, where the spec has a `manifest_section`, else by category: `ASSETS.audio.sfx.jump.sfxJump1A`
 * - by category and token: `ASSETS.logos.LOGO_ACME_MARK001`
 *
 * and the unions `AssetToken` and `AssetId`. It imports nothing, so it works without a bundler; paths are relative to
 * the project. Equal assets give equal bytes. Where a group and an asset want one name, the group has it and the asset
 * becomes `name_2`.
 */
export function emitConstants(assets: readonly ConstantAsset[]): string {
  const sorted = [...new Map(assets.map((asset) => [asset.ref, asset])).values()].sort((a, b) =>
    byCodeUnit(a.ref, b.ref),
  )
  const constantOf = safeIdentifiers(
    sorted.map(({ ref }) => ref),
    ['ASSETS', 'AssetToken', 'AssetId'],
  )
  const tokens = sorted.flatMap(({ ref, entry }) => (entry.token === undefined ? [] : [ref]))
  const ids = sorted.flatMap(({ ref, entry }) => (entry.token === undefined ? [ref] : []))
  return [
    `// ${constantsMark}`,
    '/* eslint-disable */',
    '',
    ...sorted.map(({ ref, entry }) => `const ${constantOf.get(ref)} = ${factsText(ref, entry)} as const`),
    '',
    '/** Every asset by its alias, its section or category. */',
    `export const ASSETS = ${groupText(groupAssets(sorted, constantOf), '')} as const`,
    '',
    `export type AssetToken =${unionText(tokens)}`,
    '',
    `export type AssetId =${unionText(ids)}`,
    '',
  ].join('\n')
}

function groupAssets(assets: readonly ConstantAsset[], constantOf: ReadonlyMap<string, string>): Group {
  const top = emptyGroup()
  const put = (group: Group, name: string, constant: string) => {
    if (!group.assets.has(name)) group.assets.set(name, constant)
  }
  for (const { ref, entry, aliases } of assets) {
    const constant = constantOf.get(ref)!
    const [category, named = category] = groupsOf(entry).map((path) => groupAt(top, path)) as [Group, Group?]
    for (const alias of [...aliases].sort(byCodeUnit)) {
      put(top, alias, constant)
      put(named, alias, constant)
    }
    if (aliases.length === 0) put(named, ref, constant)
    put(category, ref, constant)
  }
  return top
}

/** The groups of `ASSETS` that an asset stands in: its category, then its section where it has one. */
export function groupsOf(entry: Entry): string[][] {
  const section = sectionOf(entry)
  return [[categoryName(entry.category ?? entry.kind)], ...(section.length > 0 ? [section] : [])]
}

function emptyGroup(): Group {
  return { assets: new Map(), groups: new Map() }
}

function groupAt(top: Group, path: readonly string[]): Group {
  let group = top
  for (const name of path) {
    if (!group.groups.has(name)) group.groups.set(name, emptyGroup())
    group = group.groups.get(name)!
  }
  return group
}

/** `audio.sfx.jump` of a spec's `integration.manifest_section`, as groups. */
function sectionOf(entry: Entry): string[] {
  const section = entry.manifestSection
  return typeof section === 'string' ? section.split('.').map((part) => part.trim()).filter(Boolean) : []
}

/** `Sound Effects` → `soundEffects` */
function categoryName(category: string): string {
  const words = category.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  return (
    words
      .map((word, i) => (i === 0 ? word.toLowerCase() : word[0]!.toUpperCase() + word.slice(1).toLowerCase()))
      .join('') || 'other'
  )
}

function groupText(group: Group, indent: string): string {
  const inner = `${indent}  `
  const groupNames = safeIdentifiers(group.groups.keys())
  const assetNames = safeIdentifiers(group.assets.keys(), groupNames.values())
  const members = [
    ...[...group.groups].map(([name, child]) => [groupNames.get(name)!, groupText(child, inner)] as const),
    ...[...group.assets].map(([name, constant]) => [assetNames.get(name)!, constant] as const),
  ].sort(([a], [b]) => byCodeUnit(a, b))
  if (members.length === 0) return '{}'
  return `{\n${members.map(([name, text]) => `${inner}${name}${name === text ? '' : `: ${text}`},\n`).join('')}${indent}}`
}

function factsText(ref: string, entry: Entry): string {
  const formats = Object.entries(entry.formats ?? {}).sort(([a], [b]) => byCodeUnit(a, b))
  const facts: [string, unknown][] = [
    [entry.token === undefined ? 'id' : 'token', ref],
    ['kind', entry.kind],
    ['file', entry.file],
    ['width', entry.widthPx],
    ['height', entry.heightPx],
    ['durationMs', entry.durationMs],
    ['alt', entry.alt],
    ['colorHex', entry.colorHex],
    ['hash', entry.hash],
  ]
  const members = facts.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${codeText(value)}`)
  if (formats.length > 0)
    members.push(
      `formats: { ${formats.map(([name, format]) => `${formatKey(name)}: ${codeText(format.file)}`).join(', ')} }`,
    )
  return `{ ${members.join(', ')} }`
}

const formatKey = (name: string) => (toIdentifier(name) === name ? name : `[${codeText(name)}]`)

function unionText(refs: readonly string[]): string {
  return refs.length === 0 ? ' never' : refs.map((ref) => `\n  | ${codeText(ref)}`).join('')
}
