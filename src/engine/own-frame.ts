import { isAbsolute, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ErrorLocation } from '../core/errors.ts'

/**
 * The first place in the project's own code that a stack names.
 * @param stack - of V8: frames `at name (file:///…:line:column)`, or a line `file:///…:line` above unreadable code
 * @returns undefined when the project has no part in it
 */
export function ownFrame(stack: string, root: string): (ErrorLocation & { file: string }) | undefined {
  for (const [, url, line, column] of stack.matchAll(/(file:\/\/[^\s)]+?):(\d+)(?::(\d+))?(?=[\s)]|$)/g)) {
    const path = relative(root, fileURLToPath(url!.split(/[?#]/)[0]!))
    if (path.startsWith('..') || isAbsolute(path) || path.split(sep).includes('node_modules')) continue
    return { file: path.split(sep).join('/'), line: Number(line), ...(column && { column: Number(column) }) }
  }
  return undefined
}
