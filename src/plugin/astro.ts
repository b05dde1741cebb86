import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroConfig, AstroIntegration } from 'astro'
import { typesRootFile } from '../core/emit-types.ts'
import { isAssetloomError } from '../core/errors.ts'
import type { LogEvent } from '../core/ports.ts'
import { configNames } from '../options/file.ts'
import type { AssetloomOptions } from '../options.ts'
import { hostError, placeOf, type Place } from './asset-error.ts'
import type { AssetFile } from './asset-module.ts'
import type { AssetSource } from './asset-source.ts'
import { contentPlugin } from './astro/content-plugin.ts'
import { buildPlacer, devPlacer, type Placer } from './astro/place-picture.ts'
import { resolvePicture } from './astro/picture.ts'
import { componentsPlugin } from './astro/components-plugin.ts'
import { picturesPlugin, type PicturesPlugin } from './astro/pictures-plugin.ts'
import { dropProject, registerProject, type AstroProject } from './astro/project.ts'
import { watchBuildOutput, type BuildOutput } from './astro/build-output.ts'
import { answerToolbar, toolbarIcon } from './astro/toolbar-answers.ts'
import { writeSourcesOrWarn } from './keep-sources.ts'
import { hearEarlyFaults, useSource, type SourceUse } from './shared-source.ts'
import { placedIn } from './placed-request.ts'
import { hotRequest } from './vite-code.ts'
import vitePlugin from './vite.ts'

export { assetCollection, type AssetCollectionFilter } from './astro/collection.ts'

/**
 * The Astro integration: the Vite plugin, types for `astro sync`, checks and updates of content, a dev-toolbar app,
 * and what `<Asset>`, `<Picture>` and `assetCollection()` rest on.
 * @param options - inline options; without them assetloom.config.ts beside Astro's root is read
 * @example
 * export default defineConfig({ integrations: [assetloom()] })
 */
export default function assetloom(options?: AssetloomOptions): AstroIntegration {
  hearEarlyFaults(options)
  let use: SourceUse | undefined
  let root = ''
  let project: AstroProject | undefined
  let isDev = false
  let isServerOutput = () => false
  let output: BuildOutput | undefined
  let imageService = ''
  let show: (event: LogEvent) => void = () => undefined
  const source = () => (use ??= useSource(root, options, (event) => show(event), isDev)).source

  const release = async () => {
    if (project) dropProject(root, project)
    project = undefined
    await use?.release()
    use = undefined
  }

  return {
    name: 'assetloom',
    hooks: {
      'astro:config:setup'({ config, command, addWatchFile, addDevToolbarApp, injectScript, updateConfig, logger }) {
        root = resolve(fileURLToPath(config.root))
        isDev = command === 'dev'
        show = ({ level, message, hint }) => {
          if (level === 'error' || level === 'warn') logger[level](`${message}${hint ? ` ${hint}` : ''}`)
        }
        for (const name of configNames) addWatchFile(join(root, name))
        output = watchBuildOutput()
        const pictures = picturesPlugin({ root, source })
        const serve = async (file: AssetFile) => (await source()).serve(file)
        const place = isDev
          ? devPlacer(serve)
          : buildPlacer({
              serve,
              base: config.base,
              assetsFolder: config.build.assets,
              originalsFolder: () => output!.originalsFolder(isServerOutput()),
              emitted: output.emitted,
            })
        project = createProject({ source, pictures, place, sourceFolder: relative(root, fileURLToPath(config.srcDir)) })
        updateConfig({
          vite: {
            plugins: [vitePlugin(options), contentPlugin({ root, source }), pictures.plugin, componentsPlugin(source), output.plugin],
            // The components are Astro source; the rest of the package must stay one copy, with its native parts.
            ssr: {
              noExternal: [/^assetloom\/astro\/components$/],
              external: ['assetloom/astro', 'assetloom/astro/loader'],
            },
            optimizeDeps: { exclude: ['assetloom'] },
          },
        })
        if (isDev) {
          // Astro has no HTML hook: what a page has in its console comes with a script of its own.
          injectScript('page', `import ${JSON.stringify(hotRequest)}`)
          addDevToolbarApp({
            id: 'assetloom',
            name: 'Assets',
            icon: toolbarIcon,
            entrypoint: new URL(import.meta.resolve('assetloom/astro/toolbar')),
          })
        }
      },

      async 'astro:config:done'(setup) {
        isServerOutput = () => setup.buildOutput === 'server'
        imageService = setup.config.image.service.entrypoint
        const { workspace } = await source()
        await writeSourcesOrWarn(workspace)
        // Not before the options are known to be right: after a failed restart Astro goes on with those of before.
        registerProject(root, project!)
        if (workspace.options.types)
          setup.injectTypes({ filename: 'assets.d.ts', content: typesReference(setup.config, workspace.paths.types) })
      },

      async 'astro:server:setup'({ server, toolbar }) {
        const assets = await source()
        // What was made, or failed, after its page was served arrives like any other change of the manifest.
        assets.onSettled(() => server.watcher.emit('change', assets.workspace.paths.manifest))
        answerToolbar(toolbar, assets.workspace)
      },
      'astro:server:done': release,
      async 'astro:build:done'() {
        if (!isServerOutput() && imageService === 'astro/assets/services/sharp')
          output?.dropUnused((await source()).workspace.paths.files)
        await release()
      },
    },
  }
}

/**
 * Astro's own types refer to Assetloom's, which stand in one place only: the same declarations twice are an error.
 * The file is there even without a manifest, since TypeScript fails on a reference to a file that is missing.
 */
function typesReference(config: Pick<AstroConfig, 'root'>, typesFolder: string): string {
  const target = join(typesFolder, typesRootFile)
  if (!existsSync(target)) return '// There is no manifest yet: run astro sync after the first assetloom import.\n'
  const injected = fileURLToPath(new URL('.astro/integrations/assetloom/', config.root))
  return `/// <reference path=${JSON.stringify(relative(injected, target).split('\\').join('/'))} />\n`
}

function createProject(input: {
  source: () => Promise<AssetSource>
  pictures: PicturesPlugin
  place: Placer
  sourceFolder: string
}): AstroProject {
  const { source, pictures, place, sourceFolder } = input
  return {
    async picture(request) {
      const assets = await source()
      const shown = placedIn(String(request.ref), request.site)
      try {
        const { watch, signature, ...picture } = await resolvePicture(assets, request, place)
        await pictures.shown(shown, { watch, signature })
        return picture
      } catch (error) {
        await pictures.missed(shown)
        throw isAssetloomError(error) ? hostError(error, await placeOfRef(assets, sourceFolder, request.ref)) : error
      }
    },
    async assets() {
      const { index } = (await source()).workspace
      return index.refs().map((ref) => index.find(ref)!)
    },
    manifestFile: async () => (await source()).workspace.paths.manifest,
  }
}

/** Where a source names a ref; a component knows only its page. */
async function placeOfRef({ workspace }: AssetSource, folder: string, ref: unknown): Promise<Place | undefined> {
  if (typeof ref !== 'string' || ref === '') return undefined
  for (const file of await workspace.findFiles([`${folder}/**/*.{astro,mdx,md,json,yaml,yml,ts,js}`])) {
    const path = resolve(workspace.paths.root, file)
    for (const quoted of [`"${ref}"`, `'${ref}'`]) {
      const place = placeOf(path, quoted)
      if (place.line) return place
    }
  }
  return undefined
}
