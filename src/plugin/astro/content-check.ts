import { readFileSync, statSync } from 'node:fs'
import { extname, relative } from 'node:path'
import { contentSpelling, hostError, placeOf, placeText } from '../asset-error.ts'
import type { AssetSource } from '../asset-source.ts'
import { contentMistakes } from './content-spelling.ts'

/** Content files by the extensions that Astro and its MDX integration take. */
export const contentFilePattern = /\.(?:md|mdx|markdown|mdown|mkdn|mkd|mdwn)$/i

export interface ContentCheck {
  /** @throws an error with code CONTENT_SPELLING at the first mistake in a file */
  file(path: string): Promise<void>
}

/** Checks content files; one that was right is read again only when it changed. */
export function createContentCheck(root: string, source: () => Promise<AssetSource>): ContentCheck {
  const right = new Map<string, string>()
  return {
    async file(path) {
      const stat = statSync(path, { throwIfNoEntry: false })
      const stamp = stat && `${stat.mtimeMs}:${stat.size}`
      if (!stamp || right.get(path) === stamp) return
      const text = readFileSync(path, 'utf8')
      const [mistake] = contentMistakes(text, path.toLowerCase().endsWith('.mdx'))
      if (!mistake) {
        right.set(path, stamp)
        return
      }
      const { index } = (await source()).workspace
      const written = extname(mistake.spelled.replace(/[?#].*$/, ''))
      const extension = written || extname(index.find(mistake.ref)?.entry.file ?? '.webp')
      const target = `~asset/${mistake.ref}${extension}`
      const mended = mistake.where === 'attribute' ? `![…](${target})` : target
      const place = placeOf(path, mistake.spelled, text, mistake.at)
      throw hostError(contentSpelling({ spelled: mistake.spelled, place: placeText(root, place), mended }), place)
    },
  }
}

/**
 * Content files that Astro's data store names. The store is JSON inside JSON; its strings are read without knowing its
 * layout, and a string counts when it is the path of a content file in the project.
 */
export function contentFilesIn(storeCode: string, root: string): string[] {
  const names = new Set<string>()
  for (const match of storeCode.matchAll(/[^"\\\n]{1,500}\.(?:md|mdx|markdown|mdown|mkdn|mkd|mdwn)(?=\\*")/gi))
    names.add(match[0])
  return [...names]
    .map((name) => `${root}/${name}`)
    .filter((path) => !relative(root, path).startsWith('..') && statSync(path, { throwIfNoEntry: false })?.isFile())
}
