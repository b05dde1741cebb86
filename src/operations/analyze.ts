import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as z from 'zod'
import { requireAsset } from '../core/find-asset.ts'
import { createGraph } from '../core/graph/graph.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import { filesOf, type Entry } from '../core/manifest.ts'
import { byteSize } from '../core/value-representation.ts'
import { countTokens } from '../workspace/token-count.ts'
import type { Workspace } from '../workspace.ts'
import { derivedFrom } from './cache-contents.ts'
import { defineOperation } from './operation.ts'

const bytes = z.number().int()

export default defineOperation({
  input: z.strictObject({ ref: z.string().min(1).describe('Token, id or alias.') }),
  output: z.object({
    ref: z.string(),
    usedIn: z
      .array(z.object({ file: z.string(), line: z.number().int() }))
      .describe('Imports, CSS, HTML, Markdown, constants, specs and other items that name it.'),
    dependents: z.array(z.string()).describe('Assets that depend on it.'),
    sizes: z.object({
      raw: bytes.describe('Bytes of all its files.'),
      gzip: bytes.describe('The same, each compressed.'),
      files: z.array(z.object({ file: z.string(), raw: bytes, gzip: bytes })),
      transforms: z
        .array(z.object({ mediaType: z.string(), widthPx: z.number().int().optional(), heightPx: z.number().int().optional(), size: bytes }))
        .describe('What queries made of it, as far as it is in the cache.'),
    }),
    tokenCost: z.number().optional().describe('Of an item: what it says of itself, else counted in its files.'),
  }),
  positional: ['ref'],
  effect: 'read',
  example: 'assetloom analyze LOGO-ACME-MARK001',
  async run(input, { workspace }) {
    const { assets } = workspace.manifest.read()
    const { ref, entry } = requireAsset(assets, input.ref)
    const own = new Set(filesOf(entry))
    const files = filesOf(entry).flatMap((file) => {
      const path = resolve(workspace.options.root, file)
      if (!existsSync(path)) return []
      const content = readFileSync(path)
      return [{ file, raw: content.length, gzip: gzipSync(content).length, content }]
    })
    const total = (member: 'raw' | 'gzip') => files.reduce((sum, file) => sum + file[member], 0)
    const tokenCost = isItem(entry) ? (entry.tokenCost ?? (await countTokens(files.map(({ content }) => content.toString()).join('\n')))) : entry.tokenCost
    return {
      ref,
      usedIn: ((await workspace.findUsages()).get(ref) ?? []).filter(({ file }) => !own.has(file)),
      dependents: [...createGraph(assets).dependentsOf(ref)],
      sizes: {
        raw: total('raw'),
        gzip: total('gzip'),
        files: files.map(({ content: _content, ...file }) => file),
        transforms: transformsOf(entry, workspace),
      },
      ...(tokenCost !== undefined && { tokenCost }),
    }
  },
  present: ({ ref, usedIn, dependents, sizes, tokenCost }) =>
    [
      `${ref}  ${byteSize(sizes.raw)}, ${byteSize(sizes.gzip)} compressed${tokenCost === undefined ? '' : `, about ${tokenCost} tokens`}`,
      ...(sizes.files.length > 1 ? sizes.files.map(({ file, raw, gzip }) => `  ${file}  ${byteSize(raw)}, ${byteSize(gzip)} compressed`) : []),
      ...sizes.transforms.map(({ mediaType, widthPx, heightPx, size }) => `  made: ${mediaType}${widthPx ? ` ${widthPx}×${heightPx}` : ''}, ${byteSize(size)}`),
      usedIn.length > 0 ? `Used in ${usedIn.length} ${usedIn.length === 1 ? 'place' : 'places'}:` : 'No code names it.',
      ...usedIn.map(({ file, line }) => `  ${file}:${line}`),
      ...(dependents.length > 0 ? ['Needed by:', ...dependents.map((other) => `  ${other}`)] : []),
    ].join('\n'),
})

function transformsOf(entry: Entry, workspace: Workspace) {
  return derivedFrom(workspace, entry).map(({ mediaType, widthPx, heightPx, sizeBytes }) => ({
    mediaType,
    ...(widthPx !== undefined && { widthPx }),
    ...(heightPx !== undefined && { heightPx }),
    size: sizeBytes,
  }))
}
