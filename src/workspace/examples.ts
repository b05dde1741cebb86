import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineError } from '../core/errors.ts'
import { axePage, type ExampleResult } from '../core/example-page.ts'
import { frameworks } from '../core/kinds/code-files.ts'
import { findBrowser, reportOfPage } from '../generators/examples/browser.ts'
import { buildExamples, missingPackages, packageOf } from '../generators/examples/build-examples.ts'
import type { ExampleItem } from '../generators/examples/frameworks.ts'
import type { ResolvedOptions } from '../options.ts'
import { ensureHome, type ProjectPaths } from '../store/project-folder.ts'

export type { ExampleItem }

const axeMissing = defineError('AXE_MISSING', {
  summary: 'Examples are to be checked, and the project has no axe-core.',
  message: () => 'Examples are checked by axe-core, and the project does not have it.',
  hint: () => 'npm install --save-dev axe-core',
  exit: 2,
})

/** Examples of components, shown in a browser and checked by axe. */
export interface WorkspaceExamples {
  /**
   * @returns what came of each example that was shown, components that could not be built, and those left out
   * @throws AXE_MISSING, BROWSER_MISSING, BROWSER_FAILED
   */
  check(items: readonly ExampleItem[], signal: AbortSignal): Promise<{
    results: ExampleResult[]
    failed: { ref: string; failure: string }[]
    leftOut: { ref: string; why: string }[]
  }>
}

export function createWorkspaceExamples(input: { paths: ProjectPaths; options: ResolvedOptions }): WorkspaceExamples {
  const { root, home, temp } = input.paths
  return {
    async check(items, signal) {
      const browser = findBrowser(input.options.browser)
      const axeFolder = packageOf(root, 'axe-core')
      if (!axeFolder) throw axeMissing({})
      ensureHome(home)
      const folder = join(temp, `examples-${randomUUID()}`)
      const documents = []
      const failed = []
      const leftOut = []
      try {
        for (const framework of frameworks) {
          const own = items.filter((item) => item.framework === framework)
          const missing = own.length > 0 ? missingPackages(root, framework) : []
          const why = missing.length > 0 ? `the project has no ${missing.join(', ')}` : undefined
          const isShown = (item: ExampleItem) => why === undefined && !(framework === 'astro' && item.usesAssets)
          for (const { ref } of own.filter((item) => !isShown(item)))
            leftOut.push({ ref, why: why ?? 'a component of Astro that imports other assets cannot be built by itself' })
          const shown = own.filter(isShown)
          if (shown.length === 0) continue
          const built = await buildExamples(framework, shown, { root, folder: join(folder, framework), signal })
          documents.push(...built.documents)
          failed.push(...built.failed)
        }
        if (documents.length === 0) return { results: [], failed, leftOut }
        const page = join(folder, 'examples.html')
        writeFileSync(page, axePage(readFileSync(join(axeFolder, 'axe.min.js'), 'utf8'), documents))
        return { results: await reportOfPage({ browser, page, folder, signal }), failed, leftOut }
      } finally {
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
      }
    },
  }
}
