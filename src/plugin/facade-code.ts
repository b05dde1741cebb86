import { codeText } from '../core/code-text.ts'
import { itemCode } from './item-code.ts'
import type { AssetFile, AssetModule, Candidate } from './asset-module.ts'

/** How a host spells a file's URL in code. */
export interface UrlWriter {
  /**
   * A JavaScript expression of the URL string; may add imports.
   * @param isCandidate - one of several that a browser chooses from: never inlined, or it would load them all
   */
  url(file: AssetFile, code: FacadeCode, isCandidate?: boolean): Promise<string>
  /** An expression for the default export of a plain file when it is more than the URL (Astro's ImageMetadata). */
  value?(file: AssetFile, code: FacadeCode): Promise<string>
}

/** Statements collected while a facade is written. */
export interface FacadeCode {
  imports: string[]
}

/** Import a real file and name it. */
export function importFile(code: FacadeCode, path: string): string {
  const name = `f${code.imports.length}`
  code.imports.push(`import ${name} from ${codeText(path)}`)
  return name
}

/** The code of an asset's module: default export and tree-shakable named ones. */
export async function facadeCode(asset: AssetModule, writer: UrlWriter): Promise<string> {
  const { content } = asset
  if (content.shape === 'item') return itemCode(asset, content)
  const code: FacadeCode = { imports: [] }
  // One after the other: names and order of the imports must not hang on which file is ready first.
  const srcset = async (candidates: readonly Candidate[]) => {
    const parts: string[] = []
    for (const { file, descriptor } of candidates)
      parts.push(`${await writer.url(file, code, true)} + ${codeText(` ${descriptor}`)}`)
    return parts.join(` + ", " + `) || '""'
  }

  let src = 'undefined'
  let value: string
  if (content.shape === 'value') value = codeText(content.value)
  else if (content.shape === 'placeholder') value = src = codeText(dataUrl(content.file))
  else if (content.shape === 'srcset') {
    src = await writer.url(content.fallback, code, true)
    value = await srcset(content.candidates)
  } else if (content.shape === 'picture') {
    src = await writer.url(content.fallback, code, true)
    const sources: string[] = []
    for (const source of content.sources)
      sources.push(`{ type: ${codeText(source.mediaType)}, srcset: ${await srcset(source.candidates)} }`)
    value = `{ sources: [${sources.join(', ')}], img: { src, width, height } }`
  } else if (writer.value) {
    value = await writer.value(content.file, code)
    // Read only when asked for: touching it makes Astro ship the original.
    src = `/*#__PURE__*/ (() => typeof ${value} === "string" ? ${value} : ${value}.src)()`
  } else {
    src = await writer.url(content.file, code)
    value = 'src'
  }
  return [
    ...code.imports,
    `export const src = ${src}`,
    `export const width = ${codeText(asset.widthPx)}`,
    `export const height = ${codeText(asset.heightPx)}`,
    `export const alt = ${codeText(asset.alt)}`,
    `export const token = ${codeText(asset.token)}`,
    `export const meta = /*#__PURE__*/ Object.freeze(${codeText(asset.meta)})`,
    `export default ${value}`,
    '',
  ].join('\n')
}

/** A record of modules, by ref. */
export function globCode(refs: readonly string[]): string {
  return [
    ...refs.map((ref, i) => `import * as m${i} from ${codeText(`asset:${ref}`)}`),
    `export default { ${refs.map((ref, i) => `${codeText(ref)}: m${i}`).join(', ')} }`,
    '',
  ].join('\n')
}

/** The whole file as a `data:` URL. */
export function dataUrl(file: AssetFile): string {
  return `data:${file.mediaType};base64,${Buffer.from(file.read()).toString('base64')}`
}
