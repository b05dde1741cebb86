import { resolve } from 'node:path'
import { finding, type Finding } from '../core/asset-findings.ts'
import { isAssetloomError } from '../core/errors.ts'
import type { FoundAsset } from '../core/find-asset.ts'
import { textOf } from '../core/kinds/kind.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import type { ExampleItem, Workspace } from '../workspace.ts'

/**
 * What axe finds in the examples of components. Without a browser only a note that they were not looked at: it needs one, and
 * seconds for each framework.
 */
export async function exampleFindings(
  assets: readonly FoundAsset[],
  workspace: Workspace,
  input: { withBrowser: boolean; signal: AbortSignal },
): Promise<Finding[]> {
  const read = await Promise.all(assets.map(({ entry }) => (isItem(entry) && entry.kind === 'ui-components' ? exampleItem(entry.file, workspace) : undefined)))
  const items = read.filter((item) => item !== undefined)
  const unchecked = (ref: string, why: string) =>
    finding(ref, 'EXAMPLES_UNCHECKED', `Its examples were not run through axe: ${why}.`, 'docs/library.md says what assetloom validate <ref> --browser needs.')
  if (!input.withBrowser) return items.map(({ ref }) => unchecked(ref, 'that needs --browser'))
  if (items.length === 0) return []
  const { results, failed, leftOut } = await (await workspace.examples()).check(items, input.signal)
  return [
    ...leftOut.map(({ ref, why }) => unchecked(ref, why)),
    ...failed.map(({ ref, failure }) => finding(ref, 'EXAMPLE_BROKEN', `It cannot be built by itself: ${failure}`, 'Mend the component, or what its file imports.')),
    ...results.flatMap((result) => {
      if ('failure' in result)
        return [finding(result.ref, 'EXAMPLE_BROKEN', `Its example ${result.example} cannot be shown: ${result.failure}`, 'Mend the component, or the props of the example.')]
      return result.violations.map(({ ref, example, rule, impact, help, helpUrl, elements }) =>
        finding(ref, 'EXAMPLE_INACCESSIBLE', `Its example ${example}: ${help} (${rule}, ${impact}): ${elements.join(' ')}`, `${helpUrl} explains the rule.`),
      )
    }),
  ]
}

/** Undefined for an item that is invalid, which has a finding of its own, or has no examples. */
async function exampleItem(file: string, workspace: Workspace): Promise<ExampleItem | undefined> {
  try {
    const { item } = await workspace.library.read(file)
    const { framework, examples = [] } = item.fields as { framework: ExampleItem['framework']; examples?: { name?: string; props: Record<string, unknown>; content?: string }[] }
    if (examples.length === 0) return undefined
    return {
      ref: item.id,
      framework,
      code: resolve(workspace.options.root, item.files[0]!.file),
      examples: examples.map(({ name, props, content }, i) => ({ name: name ?? String(i + 1), props, content })),
      usesAssets: item.files.some((one) => /["'(]~?asset[:/]/.test(textOf(one))),
    }
  } catch (error) {
    if (isAssetloomError(error)) return undefined
    throw error
  }
}
