import { readFileSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'

const loads = /@(?:use|forward|import)\s+(?:\([^)]*\)\s*)?(?:url\(\s*)?["']([^"'\n]+)["']/g

export interface StyleSheet {
  file: string
  css: string
}

/**
 * The style sheet that holds a text: the one that is named, or one that it loads by a relative path with `@use`,
 * `@forward` or `@import`. Preprocessors tell which file the text came to, and not which one it stands in.
 */
export function styleSheetWith(text: string, file: string): StyleSheet | undefined {
  const waiting = [file.replace(/[?#].*$/, '')]
  const seen = new Set<string>()
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (seen.has(next)) continue
    seen.add(next)
    const css = readOrUndefined(next)
    if (css === undefined) continue
    if (css.includes(text)) return { file: next, css }
    for (const [, path] of css.matchAll(loads)) waiting.push(...spellings(join(dirname(next), path!), extname(next)))
  }
  return undefined
}

/** The files that a path may mean: Sass leaves out extensions and the underscore of partials. */
function spellings(path: string, extension: string): string[] {
  const partial = join(dirname(path), `_${basename(path)}`)
  const stems = [path, partial, join(path, '_index'), join(path, 'index')]
  return stems.flatMap((stem) => [stem, stem + extension])
}

function readOrUndefined(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
