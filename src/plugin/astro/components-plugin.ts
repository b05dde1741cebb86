import type { Plugin } from 'vite'
import { codeText } from '../../core/code-text.ts'
import type { AssetSource } from '../asset-source.ts'

const components = 'assetloom/astro/components'
const inSite = '\0virtual:assetloom/components-of/'

/**
 * `<Asset>` and `<Picture>` as they are in a site, which may keep another version than the present one. A component does
 * not know which file it stands in; the file that imports it does.
 */
export function componentsPlugin(source: () => Promise<AssetSource>): Plugin {
  return {
    name: 'assetloom:astro-components',
    // Before Vite finds them in node_modules.
    enforce: 'pre',
    resolveId: {
      filter: { id: new RegExp(`^${components}$`) },
      async handler(_id, importer) {
        const site = importer === undefined || importer.startsWith(inSite) ? undefined : await (await source()).sites.siteOf(importer)
        return site === undefined ? undefined : inSite + site
      },
    },
    load: {
      filter: { id: new RegExp(`^${inSite}`) },
      handler: (id) => ({
        code: [
          `import * as components from ${codeText(components)}`,
          `const site = ${codeText(id.slice(inSite.length))}`,
          'const placed = (component) =>',
          "  Object.assign((result, props, slots) => component(result, { ...props, 'assetloom:site': site }, slots), component)",
          'export const Asset = placed(components.Asset)',
          'export const Picture = placed(components.Picture)',
          '',
        ].join('\n'),
        map: null,
      }),
    },
  }
}
