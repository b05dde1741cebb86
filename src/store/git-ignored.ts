import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ignore, { type Ignore } from 'ignore'

/**
 * Which files of a project git is told to leave alone, by the `.gitignore` files in its folders and in those around it
 * up to the repository's own; deeper ones count more.
 * @param folders - relative to the root, POSIX: those that may hold a `.gitignore`
 * @returns a test of paths relative to the root
 */
export function gitIgnored(root: string, folders: Iterable<string>): (file: string) => boolean {
  const within = [...new Set(folders)].map((folder) => resolve(root, folder)).sort((a, b) => a.length - b.length)
  const rules = [...foldersAround(root), ...within].flatMap((folder): { folder: string; rule: Ignore }[] => {
    const text = readOrUndefined(join(folder, '.gitignore'))
    return text === undefined ? [] : [{ folder, rule: ignore().add(text) }]
  })
  return (file) => {
    let isIgnored = false
    for (const { folder, rule } of rules) {
      const path = relative(folder, join(root, file)).replaceAll('\\', '/')
      if (path.startsWith('../')) continue
      const { ignored, unignored } = rule.test(path)
      isIgnored = ignored || (isIgnored && !unignored)
    }
    return isIgnored
  }
}

/** From the repository's folder down to the one around the root; none when the root itself has the repository. */
function foldersAround(root: string): string[] {
  const around: string[] = []
  for (let folder = root; !existsSync(join(folder, '.git')); folder = dirname(folder)) {
    const outer = dirname(folder)
    // No repository: what lies around the project says nothing about it.
    if (outer === folder) return []
    around.unshift(outer)
  }
  return around
}

function readOrUndefined(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
