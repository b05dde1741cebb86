import { createUnplugin, type UnpluginOptions } from 'unplugin'
import type { Compiler } from 'webpack'
import type { LogEvent } from '../core/ports.ts'
import type { AssetloomOptions } from '../options.ts'
import { createBundleSession } from './bundle-session.ts'
import { emittingHooks } from './emitting-hooks.ts'
import { esbuildSetup } from './esbuild-setup.ts'
import { hearEarlyFaults } from './shared-source.ts'
import { webpackHooks } from './webpack-hooks.ts'

export const name = 'assetloom'

/**
 * The plugin of the bundlers other than Vite. rollup and rolldown get files emitted; webpack, rspack and esbuild get
 * imports of real files, which their own file loaders carry on.
 */
export const assetloom = createUnplugin((options: AssetloomOptions | undefined, meta): UnpluginOptions => {
  hearEarlyFaults(options)
  switch (meta.framework) {
    case 'webpack':
    case 'rspack': {
      // rspack has webpack's hooks; where they differ, webpackHooks asks.
      const compiler =
        meta.framework === 'webpack' ? meta.webpack.compiler : (meta.rspack.compiler as unknown as Compiler)
      const logger = compiler.getInfrastructureLogger(name)
      const session = createBundleSession({ root: () => compiler.context, options, show: shownBy(logger) })
      return { name, enforce: 'pre', ...webpackHooks(compiler, session, meta.framework) }
    }
    case 'esbuild':
      return {
        name,
        esbuild: {
          setup: (build) =>
            esbuildSetup(
              build,
              createBundleSession({
                root: () => build.initialOptions.absWorkingDir ?? process.cwd(),
                options,
                show: shownBy(console),
              }),
            ),
        },
      }
    default: {
      let root = process.cwd()
      const session = createBundleSession({ root: () => root, options, show: shownBy(console) })
      const hooks = emittingHooks(session, (folder) => (root = folder))
      return { name, enforce: 'pre', rollup: hooks.rollup, rolldown: hooks.rolldown }
    }
  }
})

function shownBy(logger: { warn(text: string): void; error(text: string): void }) {
  return (event: LogEvent) => {
    const text = `[${name}] ${event.message}${event.hint ? ` ${event.hint}` : ''}`
    if (event.level === 'error') logger.error(text)
    else if (event.level === 'warn') logger.warn(text)
  }
}
