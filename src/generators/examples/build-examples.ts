import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { codeText } from '../../core/code-text.ts'
import { exampleHtml, scriptElement, type ExampleDocument } from '../../core/example-page.ts'
import type { Framework } from '../../core/kinds/code-files.ts'
import { astroPage, astroScript, packagesOf, showingModule, viteScript, type ExampleItem } from './frameworks.ts'

export interface BuiltExamples {
  documents: ExampleDocument[]
  failed: { ref: string; failure: string }[]
}

/** The folder of a package that a project's own modules would find. */
export function packageOf(root: string, name: string): string | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name)
    if (existsSync(join(found, 'package.json'))) return found
    if (dirname(folder) === folder) return undefined
  }
}

/** Packages that a project lacks to show examples of a framework. */
export function missingPackages(root: string, framework: Framework): string[] {
  return packagesOf(framework).filter((name) => !packageOf(root, name))
}

/**
 * Make a page of every example of components of one framework, with the project's own tools.
 * @param input.folder - an empty one inside the project, so that its packages are found; the caller takes it away
 */
export async function buildExamples(framework: Framework, items: readonly ExampleItem[], input: { root: string; folder: string; signal: AbortSignal }): Promise<BuiltExamples> {
  mkdirSync(input.folder, { recursive: true })
  const { documents, failed } = await (framework === 'astro' ? withAstro(items, input) : withVite(framework, items, input))
  return { documents, failed: failed.map(({ ref, failure }) => ({ ref, failure: inShort(failure, input.root) })) }
}

/** What a tool says, without its stack and this machine's folders. */
function inShort(failure: string, root: string): string {
  const lines = failure.replaceAll(`${root}/`, '').split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^at\s/.test(line))
  return lines.join(' ').slice(0, 600)
}

type Place = Parameters<typeof buildExamples>[2]

async function withVite(framework: Exclude<Framework, 'astro'>, items: readonly ExampleItem[], { root, folder, signal }: Place): Promise<BuiltExamples> {
  const output = join(folder, 'built.json')
  const entries = items.map(({ code, usesAssets }, i) => {
    const entry = join(folder, `entry-${i}.js`)
    writeFileSync(entry, showingModule(framework, code))
    return { entry, usesAssets }
  })
  const script = join(folder, 'build.mjs')
  writeFileSync(script, viteScript(framework, { root, entries, output }))
  const trouble = await runScript(script, output, signal)
  if (trouble !== undefined) return { documents: [], failed: items.map(({ ref }) => ({ ref, failure: trouble })) }
  const built = JSON.parse(readFileSync(output, 'utf8')) as ({ js: string; css: string } | { failure: string })[]
  const result: BuiltExamples = { documents: [], failed: [] }
  for (const [i, { ref, examples }] of items.entries()) {
    const one = built[i]!
    if ('failure' in one) result.failed.push({ ref, failure: one.failure })
    else
      for (const example of examples) {
        const told = scriptElement('addEventListener("error", ({ message }) => (globalThis.failure = message))')
        const body = `<main id="example"></main>${told}${scriptElement(`globalThis.example = ${codeText(example)}`)}${scriptElement(one.js)}`
        result.documents.push({ ref, example: example.name, html: exampleHtml({ title: example.name, css: one.css, body }) })
      }
  }
  return result
}

/** One build for all; when it fails, one for each, so that the others are seen. */
async function withAstro(items: readonly ExampleItem[], place: Place): Promise<BuiltExamples> {
  const { folder, signal } = place
  const pages = join(folder, 'src/pages')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(pages, { recursive: true })
  const shown = items.flatMap(({ ref, code, examples }, i) => examples.map((example, k) => ({ ref, code, example, file: `item-${i}-${k}` })))
  for (const { code, example, file } of shown) writeFileSync(join(pages, `${file}.astro`), astroPage(code, example))
  const output = join(folder, 'built.json')
  const script = join(folder, 'build.mjs')
  writeFileSync(script, astroScript({ root: folder, output }))
  const trouble = (await runScript(script, output, signal)) ?? (JSON.parse(readFileSync(output, 'utf8')) as { failure?: string }).failure
  if (trouble === undefined)
    return { failed: [], documents: shown.map(({ ref, example, file }) => ({ ref, example: example.name, html: readFileSync(join(folder, 'dist', `${file}.html`), 'utf8') })) }
  if (items.length === 1) return { documents: [], failed: [{ ref: items[0]!.ref, failure: trouble }] }
  const all: BuiltExamples = { documents: [], failed: [] }
  for (const item of items) {
    const { documents, failed } = await withAstro([item], place)
    all.documents.push(...documents)
    all.failed.push(...failed)
  }
  return all
}

/** Run a script; gives what went wrong when it did not write its output. */
function runScript(script: string, output: string, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [script], { cwd: dirname(script), signal, maxBuffer: 64e6 }, (error, _stdout, stderr) => {
      if (signal.aborted) reject(signal.reason as Error)
      else if (!existsSync(output)) resolve(/^\w*Error:? .*$/m.exec(stderr)?.[0] ?? error?.message.split('\n')[0] ?? 'the build wrote nothing')
      else resolve(undefined)
    })
  })
}
