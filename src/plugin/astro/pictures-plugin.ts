import { codeText } from '../../core/code-text.ts'
import { fileURLToPath } from 'node:url'
import { normalizePath, type Plugin } from 'vite'
import type { AssetSource } from '../asset-source.ts'
import { placedIn } from '../placed-request.ts'
import { createTracker, type Tracker } from '../tracker.ts'
import { projectExpression } from './project.ts'

/** What the components import. */
const picturesModule = 'virtual:assetloom/pictures'
const resolvedId = `\0${picturesModule}`

export interface PicturesPlugin {
  plugin: Plugin
  /** A component showed an asset: follow it. */
  shown(request: string, state: { signature: string; watch: readonly string[] }): Promise<void>
  missed(request: string): Promise<void>
}

/**
 * The module through which `<Asset>` and `<Picture>` find their pictures, by a ref that may come from data.
 *
 * Dev and static pages run in this process and ask the plugin itself: any ref works, and only what is asked for is
 * made. Pages rendered on demand run without it; their bundle holds lazy imports of the assets whose names stand in
 * the project's sources, content and data included.
 */
export function picturesPlugin(input: { root: string; source: () => Promise<AssetSource> }): PicturesPlugin {
  let isDev = false
  let tracker: Promise<Tracker> | undefined
  const tracking = () => (tracker ??= input.source().then(createTracker))

  const onDemandCode = async () => {
    const { workspace, sites } = await input.source()
    const pins = await sites.pins()
    const used = await workspace.findUsages()
    const lines = [...used.keys()].sort().flatMap((ref) => {
      const entry = workspace.index.find(ref)?.entry
      if (entry?.kind !== 'image') return []
      const places = [
        { key: (name: string) => name, request: ref },
        ...pins.flatMap(({ site, pins: kept }) =>
          Object.hasOwn(kept, ref) ? [{ key: (name: string) => placedIn(name, site), request: `${ref}@${kept[ref]}` }] : [],
        ),
      ]
      return places.flatMap(({ key, request }) =>
        [ref, ...(entry.aliases ?? [])].map((name) => `  [${codeText(key(name))}, () => import(${codeText(`asset:${request}`)})],`),
      )
    })
    const render = normalizePath(fileURLToPath(import.meta.resolve('assetloom/astro/on-demand')))
    return [
      `import { createPictures } from ${codeText(render)}`,
      'export const picture = createPictures(new Map([',
      ...lines,
      ']))',
      '',
    ].join('\n')
  }

  const plugin: Plugin = {
    name: 'assetloom:astro-pictures',
    sharedDuringBuild: true,
    configResolved(config) {
      // Astro's sync makes a server with the same plugin before a build.
      isDev = config.command === 'serve'
    },
    resolveId: {
      filter: { id: new RegExp(`^${picturesModule}$`) },
      handler: () => resolvedId,
    },
    load: {
      filter: { id: new RegExp(`^\0${picturesModule}$`) },
      async handler() {
        const { name } = this.environment
        if (name === 'client') throw new Error('<Asset> and <Picture> render on the server only.')
        if (!isDev && name === 'ssr') return { code: await onDemandCode(), map: null }
        const { workspace } = await input.source()
        return {
          // The digest makes a page that Astro would reuse from an earlier build follow the manifest.
          code: [
            `// ${isDev ? '' : workspace.index.digest()}`,
            `export const picture = (request) => ${projectExpression(input.root)}.picture(request)`,
            '',
          ].join('\n'),
          map: null,
        }
      },
    },
    async hotUpdate({ file, server: devServer }) {
      if (this.environment.name !== 'client' || !tracker) return
      const tracked = await tracker
      const changed = await tracked.changedBy(file, 'astro pictures')
      if (changed.length === 0 && tracked.takeFound().length === 0) return
      // The page asks anew when it is rendered; there is no module to forget.
      devServer.environments.client.hot.send({ type: 'full-reload', path: '*' })
    },
  }
  return {
    plugin,
    async shown(request, state) {
      if (isDev) (await tracking()).record(request, state)
    },
    async missed(request) {
      if (isDev) (await tracking()).recordMissing(request)
    },
  }
}
