import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AssetloomError, defineError } from '../core/errors.ts'
import { parseJsonc } from '../core/jsonc.ts'
import { createRedactor, secretsIn, type Redactor } from '../core/redact.ts'
import { findConfigFile } from './file.ts'
import type { AssetloomOptions } from './schema.ts'

const configBroken = defineError('CONFIG_BROKEN', {
  summary: 'The config file cannot be loaded.',
  message: (d: { file: string; why: string; line?: number | undefined }) =>
    `${d.file}${d.line ? `:${d.line}` : ''} cannot be loaded: ${d.why}.`,
  hint: () =>
    'It must have a default export: export default defineConfig({ … }). TypeScript in it may only use syntax that can be erased.',
  exit: 2,
})

/** For what happens before the options are known: takes out what stands in variables that are called like a key. */
export function environmentRedactor(): Redactor {
  return createRedactor(secretsIn(process.env))
}

/**
 * Load the config file beside a root; Node itself reads the TypeScript.
 * @param version - when given, a file that was loaded before is loaded anew
 * @throws CONFIG_BROKEN
 */
export async function loadConfigFile(
  root: string,
  version?: number,
): Promise<{ file: string; options: AssetloomOptions } | undefined> {
  const file = findConfigFile(root)
  if (!file) return undefined
  const shown = relative(root, file)
  const broken = (why: string, line?: number, cause?: unknown) =>
    configBroken({ file: shown, why, line }, { cause, location: { file: shown, ...(line !== undefined && { line }) } })
  if (file.endsWith('.json')) {
    // Read here and not imported: Node's message would repeat the text around the mistake, which may be a key.
    const text = readFileSync(file, 'utf8')
    const options = parseJsonc(text)
    if (options === undefined) throw broken('it is no JSON', lineOfJsonFault(text))
    if (options === null || typeof options !== 'object') throw broken('it is not an object')
    return { file: shown, options: options as AssetloomOptions }
  }
  let loaded: { default?: unknown }
  try {
    loaded = await import(pathToFileURL(file).href + (version === undefined ? '' : `?v=${version}`))
  } catch (thrown) {
    if (thrown instanceof AssetloomError) throw thrown
    // Keys that the options name are not known yet; those of the environment are.
    const cause = environmentRedactor().error(thrown)
    const why = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '')
    const line = lineInStack(thrown, file)
    // The stack of a syntax error repeats the line it found fault with.
    throw thrown instanceof SyntaxError ? broken(why, line) : broken(why, line, cause)
  }
  if (loaded.default === undefined) throw broken('it has no default export')
  if (loaded.default === null || typeof loaded.default !== 'object') throw broken('its default export is not an object')
  if (loaded.default instanceof Promise) throw broken('its default export is a promise; write export default await …')
  return { file: shown, options: loaded.default as AssetloomOptions }
}

/** 1-based; the first place in a file that an error's stack names. */
function lineInStack(error: unknown, file: string): number | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  for (const name of [file, pathToFileURL(file).href]) {
    const at = stack.indexOf(name)
    const line = at < 0 ? undefined : /^(?:\?v=[\d.]+)?:(\d+)/.exec(stack.slice(at + name.length))?.[1]
    if (line) return Number(line)
  }
  return undefined
}

function lineOfJsonFault(text: string): number | undefined {
  try {
    JSON.parse(text)
  } catch (error) {
    const line = /\(line (\d+) column \d+\)/.exec((error as Error).message)?.[1]
    return line ? Number(line) : undefined
  }
  return undefined
}
