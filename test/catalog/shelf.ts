import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { AssetloomOptions } from '../../src/options.ts'
import { operations } from '../../src/operations/index.ts'
import type { OperationContext } from '../../src/operations/operation.ts'
import { openWorkspace } from '../../src/workspace.ts'
import { formatIndex } from '../../src/store/catalog/index-csv.ts'
import type { CatalogRow } from '../../src/core/catalog/row.ts'
import { sha256 } from '../../src/core/digest.ts'
import { createProject, png, type TestProject } from '../operations/project.ts'
import { gitSha, startCatalog, type FakeCatalog, type Files } from '../fakes/catalog/index.ts'

/* A catalog with a few assets, a project that uses it, and a user's own folder. */

const closing: (() => Promise<void> | void)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

export interface Shelf extends TestProject {
  catalog: FakeCatalog
  /** `~/.config` of the user. */
  config: string
  options: AssetloomOptions
  /** Where the cache has a file of the one catalog that gave something. */
  cached(path: string): string
  /** Run an operation in this process. */
  // What a test reads of it is its assertion.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  ask<T = any>(name: string, input?: Record<string, unknown>, face?: Partial<OperationContext>, more?: AssetloomOptions): Promise<T>
  env: { XDG_CONFIG_HOME: string }
}

export function rowOf(ref: string, content: string | Uint8Array, more: Partial<CatalogRow> & { extension?: string; others?: Files } = {}): CatalogRow {
  const { extension = 'asset.yaml', others = {}, ...rest } = more
  const parts = ref.split('/')
  const name = parts.pop()!
  const category = parts.pop()!
  const main = `assets/${ref}.${extension}`
  const files = Object.entries({ [main]: content, ...others }).map(([path, bytes]) => {
    const data = Buffer.from(bytes as Uint8Array)
    return { path, sizeBytes: data.length, sha256: sha256(data) }
  })
  return {
    ref, type: parts.join('/'), category, name, description: '', tags: [], bin: '', sha: gitSha(content), sizeBytes: Buffer.from(content as Uint8Array).length,
    created: '2026-01-01', updated: '2026-01-02', files, dependencies: {}, ...rest,
  }
}

export const palette = `name: Forest
description: Greens of a forest
version: "1.2.0"
tags: [green, calm]
body:
  leaf: "#228833"
  bark: "#553311"
`
export const promptText = `name: Commit message
description: Generate conventional commit message
version: "1.0.0"
tags: [git, commit, conventional]
prompt: "Write a commit message for {change}."
variables:
  - { name: change, type: string, required: true }
`
export const toolItem = `name: Shout
description: Make a text loud
version: "1.0.0"
tags: [text]
entry: shout.ts
`
export const toolCode = `export async function execute({ text }: { text: string }) {
  return { text: text.toUpperCase() }
}
`

/** The files of the usual catalog, with its index. */
export async function usualFiles(): Promise<Record<string, string | Uint8Array>> {
  const picture = await png(7)
  const rows = [
    rowOf('design-tokens/colors/forest', palette, { description: 'Greens of a forest', tags: ['green', 'calm'], version: '1.2.0' }),
    rowOf('ai-prompts/code/commit-message', promptText, { description: 'Generate conventional commit message', tags: ['git', 'commit', 'conventional'], version: '1.0.0' }),
    rowOf('tools/generators/shout', toolItem, { description: 'Make a text loud', tags: ['text'], others: { 'assets/tools/generators/shout.ts': toolCode } }),
    rowOf('images/icons/star', picture, { extension: 'png', description: 'A star', tags: ['icon'], license: 'CC0-1.0' }),
  ]
  return {
    'assets/index.csv': formatIndex(rows),
    'assets/design-tokens/colors/forest.asset.yaml': palette,
    'assets/ai-prompts/code/commit-message.asset.yaml': promptText,
    'assets/tools/generators/shout.asset.yaml': toolItem,
    'assets/tools/generators/shout.ts': toolCode,
    'assets/images/icons/star.png': picture,
  }
}

/** @param input.files - of the catalog, in place of the usual ones */
export async function createShelf(input: { files?: Files; token?: string; options?: AssetloomOptions } = {}): Promise<Shelf> {
  const catalog = await startCatalog({ ...(input.token !== undefined && { token: input.token }) })
  catalog.repository.commit(input.files ?? (await usualFiles()))
  const project = createProject()
  const config = realpathSync(mkdtempSync(join(tmpdir(), 'assetloom-config-')))
  closing.push(catalog.close, project.remove, () => rmSync(config, { recursive: true, force: true }))
  const options: AssetloomOptions = { logLevel: 'silent', catalog: { sources: [catalog.source] }, ...input.options }
  const env = { XDG_CONFIG_HOME: config }
  return {
    ...project,
    catalog,
    config,
    options,
    cached(path) {
      const folder = join(config, 'assetloom/assets')
      const places = existsSync(folder) ? readdirSync(folder) : []
      if (places.length > 1) throw new Error(`Several catalogs gave something: ${places.join(', ')}`)
      return join(folder, places[0] ?? 'nothing', path)
    },
    env,
    async ask(name, given = {}, face = {}, more = {}) {
      const operation = await operations.find((row) => row.name === name)!.load()
      const workspace = await openWorkspace({ root: project.root, options: { ...options, ...more }, env })
      try {
        return (await operation.run(operation.input.parse(given), {
          workspace,
          signal: new AbortController().signal,
          progress: { start() {}, advance() {}, stop() {} },
          confirm: async () => false,
          ...face,
        })) as never
      } finally {
        await workspace.close()
      }
    },
  }
}

/** The text that a person reads of an operation. */
export async function told(shelf: Shelf, name: string, input: Record<string, unknown>, face?: Partial<OperationContext>): Promise<string> {
  const operation = await operations.find((row) => row.name === name)!.load()
  return operation.present((await shelf.ask(name, input, face)) as never, operation.input.parse(input) as never)
}
