import { existsSync, rmSync } from 'node:fs'
import { basename, extname, join, resolve } from 'node:path'
import type { Plugin, ResolvedConfig } from 'vite'
import { contentHash, hash8 } from '../../core/digest.ts'
import { formatOfExtension } from '../../core/media.ts'
import type { AssetFile } from '../asset-module.ts'

/** What the bundle of the static pages holds, and where it goes. */
export interface BuildOutput {
  plugin: Plugin
  /** Where Astro's image generation looks for originals. */
  originalsFolder(isServerOutput: boolean): string
  /** Name of the bundled file with the bytes and the name of an asset. */
  emitted(file: AssetFile): string | undefined
  /**
   * Take away originals that the bundle holds and no page shows: those of a collection or a glob whose entries are not
   * all rendered. Only for static pages with Astro's own image service, which tells every use.
   * @param servedFolder - absolute
   */
  dropUnused(servedFolder: string): void
}

export function watchBuildOutput(): BuildOutput {
  let config: ResolvedConfig | undefined
  const pictures: { hash: string; fileName: string; names: readonly string[] }[] = []
  const folder = (environment: string) =>
    resolve(config!.root, config!.environments[environment]?.build.outDir ?? config!.build.outDir)
  return {
    plugin: {
      name: 'assetloom:astro-output',
      sharedDuringBuild: true,
      configResolved(resolved) {
        config = resolved
      },
      writeBundle(_options, bundle) {
        if (this.environment.name !== 'prerender') return
        for (const output of Object.values(bundle)) {
          if (output.type !== 'asset' || formatOfExtension(extname(output.fileName))?.kind !== 'image') continue
          pictures.push({
            hash: contentHash(Buffer.from(output.source)),
            fileName: output.fileName,
            names: output.names,
          })
        }
      },
    },
    originalsFolder: (isServerOutput) => folder(isServerOutput ? 'prerender' : 'client'),
    // Two assets may have equal bytes; the name tells which is which.
    emitted: (file) =>
      pictures.find(
        ({ hash, fileName }) =>
          hash === file.hash && basename(fileName).startsWith(`${basename(file.name, extname(file.name))}.`),
      )?.fileName,
    dropUnused(servedFolder) {
      const used = (globalThis as { astroAsset?: { referencedImages?: Set<string> } }).astroAsset?.referencedImages
      if (!used || !config) return
      for (const { hash, fileName, names } of pictures) {
        const served = names.map((name) => join(servedFolder, hash8(hash), name)).filter((path) => existsSync(path))
        if (served.length > 0 && !served.some((path) => used.has(path.replaceAll('\\', '/'))))
          rmSync(join(folder('client'), fileName), { force: true })
      }
    },
  }
}
