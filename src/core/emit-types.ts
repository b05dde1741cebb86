import { smallLibraryAssets, typedGlobHeads } from './asset-globs.ts'
import { byCodeUnit, codeText } from './code-text.ts'
import { hashBuckets } from './hash-buckets.ts'
import { libraryKind } from './kinds/index.ts'
import type { ItemTypes } from './kinds/kind.ts'
import type { Entry } from './manifest.ts'
import { formatOfExtension } from './media.ts'
import { sharedTypes, type HostFlavor } from './shared-types.ts'
import { pictureFormats } from './transform.ts'

export type { HostFlavor }

/** An asset that gets a type. */
export interface TypedAsset {
  ref: string
  entry: Entry
  aliases: readonly string[]
  /** TypeScript of the module of a library item; from trusted code. Absent when the item cannot be read. */
  types?: ItemTypes
  /** The same of versions whose types are known. */
  versions?: readonly { version: string; types: ItemTypes }[]
}

/** The file that others refer to. */
export const typesRootFile = 'assets.d.ts'
/** A bucket's name; {@link emitTypes} writes no other file whose name varies. */
export const bucketFilePattern = /^assets-[01]+\.d\.ts$/

/** Assets in one file at most; with more, an editor is slow after each change. */
const maxBucketAssets = 500

/**
 * Not checked by itself, which spares time where `skipLibCheck` is off: the compiler would also grumble about `export =`
 * in a package of type module, and about a default export in an augmentation, and does in both what they say.
 */
const generatedBy = '// @ts-nocheck\n// Written by Assetloom from the manifest; edits are lost.\n'

/** What was written of each ref last, and of what: most assets are the same the next time. */
export type TypesMemory = Map<string, { of: string; lines: readonly string[] }>

/**
 * The types of all asset imports, by file name. Equal assets give equal bytes, in whatever order they come; one more
 * asset changes one bucket, and the globs only when it is the first of its prefix, family or series.
 * @param memory - of one caller, who gives it again; holds what this call wrote
 */
export function emitTypes(
  assets: readonly TypedAsset[],
  host: HostFlavor,
  memory: TypesMemory = new Map(),
): Map<string, string> {
  const byRef = new Map(assets.filter(({ ref }) => isImportable(ref)).map((asset) => [asset.ref, asset]))
  const aliases = claimAliases(byRef)
  const isSmall = byRef.size <= smallLibraryAssets
  for (const ref of memory.keys()) if (!byRef.has(ref)) memory.delete(ref)
  const declarationsOf = (asset: TypedAsset) => {
    const names = [asset.ref, ...(aliases.get(asset.ref) ?? [])]
    const of = JSON.stringify([asset, names, host, isSmall])
    const known = memory.get(asset.ref)
    if (known?.of === of) return known.lines
    const lines = names.flatMap((name) => declarations(name, asset, host, isSmall))
    memory.set(asset.ref, { of, lines })
    return lines
  }
  const files = new Map<string, string>()
  const bucketNames: string[] = []
  for (const [bits, refs] of hashBuckets([...byRef.keys()], maxBucketAssets)) {
    const name = `assets-${bits || '0'}.d.ts`
    bucketNames.push(name)
    files.set(name, bucketText(refs.map((ref) => byRef.get(ref)!), aliases, host, declarationsOf))
  }
  const globs = typedGlobHeads([...byRef.keys()])
  files.set('shared.d.ts', generatedBy + sharedTypes(host))
  files.set('globs.d.ts', globsText(globs))
  files.set(typesRootFile, rootText(['shared.d.ts', ...bucketNames.sort(byCodeUnit), 'globs.d.ts']))
  return files
}

/** What could be read as a glob, a version or a query names no asset in an import. */
function isImportable(name: string): boolean {
  return /^[^*?@\s]+$/.test(name)
}

/** Which ref an alias belongs to: a ref itself comes before an alias, then the first ref that has it. */
function claimAliases(byRef: ReadonlyMap<string, TypedAsset>): Map<string, string[]> {
  const taken = new Set<string>(byRef.keys())
  return new Map(
    [...byRef.values()]
      .sort((a, b) => byCodeUnit(a.ref, b.ref))
      .map(({ ref, aliases }) => {
        const own = [...new Set(aliases)].sort(byCodeUnit).filter((alias) => isImportable(alias) && !taken.has(alias))
        for (const alias of own) taken.add(alias)
        return [ref, own]
      }),
  )
}

function rootText(names: readonly string[]): string {
  return [generatedBy.trimEnd(), ...names.map((name) => `/// <reference path="./${name}" />`), ''].join('\n')
}

/**
 * Globs are augmentations of the closing module, not patterns of their own: a pattern `asset:LOGO-*` would also let
 * `asset:LOGO-NOPE` pass, and closing it needs a pattern for every next character.
 */
function globsText(heads: readonly string[]): string {
  return [
    generatedBy.trimEnd(),
    'export {}',
    ...heads.flatMap((head) => [
      `declare module ${codeText(`asset:${head}*`)} {`,
      `  const matching: Assetloom.Matching<${codeText(head)}>`,
      '  export default matching',
      '}',
    ]),
    '',
  ].join('\n')
}

function bucketText(
  assets: readonly TypedAsset[],
  aliases: ReadonlyMap<string, readonly string[]>,
  host: HostFlavor,
  declarationsOf: (asset: TypedAsset) => readonly string[],
): string {
  const named = assets
    .flatMap(({ ref }) => (aliases.get(ref) ?? []).map((alias) => [alias, ref] as const))
    .sort(([a], [b]) => byCodeUnit(a, b))
  return [
    generatedBy.trimEnd(),
    'declare namespace Assetloom {',
    '  interface Modules {',
    ...assets.map((asset) => `    ${codeText(asset.ref)}: ${moduleType(asset, host)}`),
    '  }',
    ...(named.length === 0
      ? []
      : ['  interface Aliases {', ...named.map(([alias, ref]) => `    ${codeText(alias)}: ${codeText(ref)}`), '  }']),
    '}',
    ...assets.flatMap(declarationsOf),
    '',
  ].join('\n')
}

/**
 * Every spelling of one name. Of patterns with the same text before the star the first one wins.
 *
 * The compiler compares every pattern with every import that no exact declaration answers. So `as=picture` at the start
 * of a query is known in small libraries only; elsewhere than at the end the import is then typed as a string, and
 * reading `.img` of it is an error. So it is in the middle of a query in all libraries: a pattern has one star. Of the
 * spellings with an extension large libraries know `~asset/REF.ext` of the files that are there.
 */
function declarations(name: string, asset: TypedAsset, host: HostFlavor, isSmall: boolean): string[] {
  const { ref, entry } = asset
  const shape = shapeOf(entry)
  const request = `asset:${name}`
  const hasText = shape !== 'Color' && shape !== 'Value'
  const lines = [declared(request, `Modules[${codeText(ref)}]`)]
  if (shape === 'Image') lines.push(declaredAs(`${request}?*as=picture`, 'picture'))
  if (shape === 'Image' && isSmall) lines.push(declaredAs(`${request}?as=picture&*`, 'picture'))
  if (hasText) lines.push(declaredAs(`${request}?*`, 'url'))
  const forms = (spelled: string, types: ItemTypes | undefined) =>
    Object.entries(types?.forms ?? {}).map(([form, type]) => declared(`${spelled}?${form}`, `Value<${codeText(ref)}, ${codeText(entry.kind)}, ${type}>`))
  lines.push(...forms(request, asset.types))
  for (const { version, types } of asset.versions ?? [])
    lines.push(declared(`${request}@${version}`, itemType(asset, types)), ...forms(`${request}@${version}`, types))
  if (isSmall || shape === 'Value' || entry.version !== '1.0.0') lines.push(declared(`${request}@*`, pinnedType(asset, host)))
  if (entry.file && shape !== 'Value') {
    const extensions = [
      extname(entry.file),
      ...Object.values(entry.formats ?? {}).map((format) => extname(format.file)),
    ]
    const own = [...new Set(extensions)].filter((extension) => extension !== '').sort(byCodeUnit)
    for (const extension of own) {
      lines.push(fileDeclaration(`~asset/${name}${extension}`, entry, extension, host))
      if (!isSmall) continue
      lines.push(declared(`${request}${extension}`, `Modules[${codeText(ref)}]`))
      lines.push(...fileQueryDeclarations(`~asset/${name}${extension}?`, shape, host))
    }
    if (shape === 'Image' && isSmall)
      for (const extension of otherFormats(own)) {
        lines.push(fileDeclaration(`~asset/${name}${extension}`, entry, extension, host))
        lines.push(declared(`${request}${extension}`, convertedType(asset, host)))
      }
  }
  return lines
}

/** Extensions that a picture may be asked for in, and has no file of. */
function otherFormats(own: readonly string[]): string[] {
  const has = new Set(own.map(formatOfExtension))
  return [...pictureFormats, 'jpeg'].filter((format) => !has.has(formatOfExtension(format))).map((format) => `.${format}`)
}

/** A query of the scheme-less spelling goes to the host: `?url` and such give a text in Astro, too. */
function fileQueryDeclarations(request: string, shape: Shape, host: HostFlavor): string[] {
  if (host === 'vite' || shape !== 'Image') return [declaredAs(`${request}*`, 'file')]
  const keys = ['url', 'raw', 'inline', 'no-inline']
  const texts = [...keys, ...keys.map((key) => `*&${key}`)].map((end) => declaredAs(request + end, 'file'))
  return [...texts, declared(`${request}*`, 'HostImage<undefined, undefined>')]
}

/** With its dot; empty when there is none. */
function extname(file: string): string {
  return /[^/](\.[^./]+)$/.exec(file)?.[1] ?? ''
}

function declared(specifier: string, type: string): string {
  return `declare module ${codeText(specifier)}{const m:Assetloom.${type};export=m}`
}

/** A module of a type that all assets share; without a constant of its own it costs the compiler a third less. */
function declaredAs(specifier: string, shape: 'url' | 'picture' | 'file'): string {
  return `declare module ${codeText(specifier)}{export=AssetloomShape.${shape}}`
}

type Shape = 'Image' | 'Sound' | 'Video' | 'File' | 'Color' | 'Value'

function shapeOf(entry: Entry): Shape {
  if (entry.kind === 'color' || (entry.colorHex && !entry.file)) return 'Color'
  if (libraryKind(entry.kind)) return 'Value'
  if (entry.kind === 'image') return 'Image'
  if (entry.kind === 'audio') return 'Sound'
  return entry.kind === 'video' ? 'Video' : 'File'
}

/** The module's type; the arguments are literals, so that a hover shows the facts of the asset. */
function moduleType(asset: TypedAsset, host: HostFlavor): string {
  const { ref, entry } = asset
  const list = (...values: unknown[]) => values.map(codeText).join(', ')
  switch (shapeOf(entry)) {
    case 'Image':
      return `${imageName(entry.mediaType, host)}<${list(ref, entry.widthPx, entry.heightPx, entry.alt, entry.mediaType)}>`
    case 'Sound':
      return `Sound<${list(ref, entry.durationMs, entry.alt, entry.mediaType)}>`
    case 'Video':
      return `Video<${list(ref, entry.widthPx, entry.heightPx, entry.durationMs, entry.alt, entry.mediaType)}>`
    case 'File':
      return `File<${list(ref, entry.kind, entry.alt, entry.mediaType)}>`
    case 'Color':
      return `Color<${list(ref, entry.colorHex, entry.alt)}>`
    case 'Value':
      return itemType(asset, asset.types)
  }
}

/** A picture made in another format: no drawing any more. */
function convertedType({ ref, entry }: TypedAsset, host: HostFlavor): string {
  if (imageName(entry.mediaType, host) === 'Image') return `Modules[${codeText(ref)}]`
  return `Image<${[ref, entry.widthPx, entry.heightPx, entry.alt, entry.mediaType].map(codeText).join(', ')}>`
}

/** Another version may have another size and another text. */
function pinnedType(asset: TypedAsset, host: HostFlavor): string {
  const { ref, entry } = asset
  const size = 'number | undefined'
  const text = 'string | undefined'
  switch (shapeOf(entry)) {
    case 'Image':
      return `${imageName(entry.mediaType, host)}<${codeText(ref)}, ${size}, ${size}, ${text}, ${text}>`
    case 'Sound':
      return `Sound<${codeText(ref)}, ${size}, ${text}, ${text}>`
    case 'Video':
      return `Video<${codeText(ref)}, ${size}, ${size}, ${size}, ${text}, ${text}>`
    case 'File':
      return `File<${codeText(ref)}, ${codeText(entry.kind)}, ${text}, ${text}>`
    case 'Color':
      return `Color<${codeText(ref)}, string, ${text}>`
    case 'Value':
      return itemType(asset, asset.types)
  }
}

function itemType({ ref, entry }: TypedAsset, types: ItemTypes | undefined): string {
  const named = Object.entries(types?.named ?? {}).map(([name, type]) => `readonly ${name}: ${type}`)
  return `Value<${codeText(ref)}, ${codeText(entry.kind)}, ${types?.value ?? 'unknown'}>${named.length > 0 ? ` & { ${named.join('; ')} }` : ''}`
}

function imageName(mediaType: string | undefined, host: HostFlavor): string {
  return host === 'astro' && mediaType === 'image/svg+xml' ? 'Drawing' : 'Image'
}

/** `~asset/REF.ext` is the file itself, imported by the host. */
function fileDeclaration(specifier: string, entry: Entry, extension: string, host: HostFlavor): string {
  if (host === 'vite' || shapeOf(entry) !== 'Image') return declaredAs(specifier, 'file')
  return declared(
    specifier,
    `${extension === '.svg' ? 'HostDrawing' : 'HostImage'}<${codeText(entry.widthPx)}, ${codeText(entry.heightPx)}>`,
  )
}
