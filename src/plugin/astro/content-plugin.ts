import { join } from 'node:path'
import { isRunnableDevEnvironment, normalizePath, type Plugin, type ViteDevServer } from 'vite'
import { isAssetloomError } from '../../core/errors.ts'
import { hostError, placeOf } from '../asset-error.ts'
import type { AssetSource } from '../asset-source.ts'
import { createTracker, type Tracker } from '../tracker.ts'
import { contentFilePattern, contentFilesIn, createContentCheck } from './content-check.ts'

/** Marks the imports of Astro's content-assets.mjs, which holds the pictures of all content entries. */
const contentImage = /^~asset\/.*[?&]astroContentImageFlag(?:[&=]|$)/
const contentStore = /^\0astro:data-layer-content(?:[-:/].*)?$|data-store.*chunk/
const contentAssets = /[\\/]content-assets\.mjs$/

/**
 * What Astro's content needs beside the Vite plugin: spelling mistakes are errors, and entries follow regenerated
 * assets. Astro keeps the pictures of entries in one module that no file change reaches.
 */
export function contentPlugin(input: { root: string; source: () => Promise<AssetSource> }): Plugin {
  const root = normalizePath(input.root)
  const check = createContentCheck(root, input.source)
  let isDev = false
  let tracker: Promise<Tracker> | undefined
  let contentFiles: string[] = []
  const tracking = () => (tracker ??= input.source().then(createTracker))

  return {
    name: 'assetloom:astro-content',
    enforce: 'pre',
    sharedDuringBuild: true,

    configResolved(config) {
      // Astro's sync makes a server with the same plugin before a build.
      isDev = config.command === 'serve'
    },

    resolveId: {
      order: 'pre',
      filter: { id: contentImage },
      async handler(id) {
        const [request, query] = id.slice('~asset/'.length).split('?') as [string, string]
        const tracked = isDev ? await tracking() : undefined
        const assets = await input.source()
        try {
          const { watch } = await assets.realFile(request)
          tracked?.record(request, { signature: assets.signature(request) ?? '', watch }, 'content')
        } catch (error) {
          tracked?.recordMissing(request)
          if (!isAssetloomError(error)) throw error
          // Told here and not where Astro resolves it: on that way the bundler drops the message.
          const importer = new URLSearchParams(query).get('importer')
          throw hostError(error, importer ? placeOf(join(root, importer), `~asset/${request}`) : undefined)
        }
      },
    },

    transform: {
      filter: { id: [contentStore, contentAssets, contentFilePattern] },
      async handler(code, id) {
        const path = id.replace(/[?#].*$/, '')
        if (contentFilePattern.test(path)) return void (await check.file(path))
        if (contentStore.test(id)) {
          const files = contentFilesIn(code, root)
          contentFiles = id === '\0astro:data-layer-content' ? files : [...new Set([...contentFiles, ...files])]
          // In dev Astro takes a store that cannot be loaded for an empty one; there the next module tells.
          if (isDev) return
        }
        for (const file of contentFiles) await check.file(file)
      },
    },

    hotUpdate: {
      order: 'pre',
      async handler({ file, server: devServer }) {
        if (this.environment.name !== 'client' || !tracker) return
        const tracked = await tracker
        const changed = await tracked.changedBy(file, 'astro content')
        const isFound = tracked.takeFound().length > 0
        if (changed.length === 0 && !isFound) return
        forgetContentPictures(devServer)
        devServer.environments.client.hot.send({ type: 'full-reload', path: '*' })
      },
    },
  }
}

/** In every module graph and in the modules that were already evaluated: either alone would still serve the old URL. */
function forgetContentPictures(server: ViteDevServer): void {
  for (const environment of Object.values(server.environments)) {
    for (const [id, module] of environment.moduleGraph.idToModuleMap)
      if (contentAssets.test(id)) environment.moduleGraph.invalidateModule(module, undefined, Date.now(), true)
    if (!isRunnableDevEnvironment(environment)) continue
    const evaluated = environment.runner.evaluatedModules
    for (const [id, module] of evaluated.idToModuleMap) if (contentAssets.test(id)) evaluated.invalidateModule(module)
  }
}
