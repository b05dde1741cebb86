import { defineError, isAssetloomError } from '../core/errors.ts'
import { libraryKind } from '../core/kinds/index.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import type { Parameter } from '../core/kinds/parameters.ts'
import { didYouMean } from '../core/near.ts'
import type { Operation } from '../operations/operation.ts'
import { callRemotely } from '../operations/remote.ts'
import use from '../operations/use.ts'
import type { Workspace } from '../workspace.ts'
import { untrustedMark } from './call-tool.ts'

const promptUnknown = defineError('PROMPT_UNKNOWN', {
  summary: 'A prompt was asked for that the library does not have.',
  message: (d: { name: string; names: readonly string[] }) => `There is no prompt ${JSON.stringify(d.name)}.`,
  hint: (d) => didYouMean(d.name, d.names) ?? `Prompts: ${d.names.join(', ') || 'none; assetloom create ai-prompts content/note begins one'}.`,
  http: 404,
})

const kindName = 'ai-prompts'

/** The prompts of the library, by id; one that cannot be read now is told without arguments. */
export async function listPrompts(workspace: Workspace) {
  const items = Object.values(workspace.manifest.read().assets).filter((entry) => entry.kind === kindName && isItem(entry))
  const prompts = await Promise.all(
    items.map(async (entry) => ({
      name: entry.id!,
      title: entry.name ?? entry.id!,
      ...(entry.description !== undefined && { description: entry.description }),
      arguments: (await parametersOf(entry.file!, workspace)).map(({ name, description, isRequired, default: standard }) => ({
        name,
        ...(description !== undefined && { description }),
        required: isRequired && standard === undefined,
      })),
      _meta: untrustedMark,
    })),
  )
  return { prompts: prompts.sort((a, b) => (a.name < b.name ? -1 : 1)) }
}

/** @throws PROMPT_UNKNOWN, and what filling in throws for arguments that are missing or unknown */
export async function getPrompt(name: string, given: Readonly<Record<string, string>>, workspace: Workspace, signal: AbortSignal) {
  const { prompts } = await listPrompts(workspace)
  const prompt = prompts.find((one) => one.name === name)
  if (!prompt) throw promptUnknown({ name, names: prompts.map((one) => one.name) })
  const { output } = await callRemotely(use as unknown as Operation, { ref: name, param: given }, { workspace, signal, isReading: true })
  return {
    ...(prompt.description !== undefined && { description: prompt.description }),
    messages: [{ role: 'user' as const, content: { type: 'text' as const, text: (output as { text: string }).text } }],
    _meta: untrustedMark,
  }
}

async function parametersOf(file: string, workspace: Workspace): Promise<readonly Parameter[]> {
  try {
    const { item } = await workspace.library.read(file)
    return libraryKind(kindName)!.use!(item).parameters ?? []
  } catch (error) {
    if (isAssetloomError(error)) return []
    throw error
  }
}
