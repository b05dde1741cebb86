import { basename, extname } from 'node:path'
import type { Workspace } from '../../workspace.ts'
import type { PageAsset, ToolbarAnswer, ToolbarQuestion } from './toolbar-messages.ts'
import { answerEvent, questionEvent } from './toolbar-messages.ts'

export const toolbarIcon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round" stroke-linecap="round"><rect x="1.7" y="2.7" width="12.6" height="10.6" rx="2"/><circle cx="5.4" cy="6.2" r="1.1"/><path d="m2.2 11.6 3.6-3 2.4 2 3-3.4 3 3.2"/></svg>'

/** Most files that one question may name; a page shows far fewer. */
const maxFiles = 500

interface Toolbar {
  on<T>(event: string, listener: (data: T) => void): void
  send<T>(event: string, data: T): void
}

/** Answer the dev-toolbar app: which assets are the files that a page shows? Reads only. */
export function answerToolbar(toolbar: Toolbar, workspace: Pick<Workspace, 'index'>): void {
  toolbar.on<ToolbarQuestion>(questionEvent, (question) => {
    if (typeof question?.id !== 'string' || !Array.isArray(question.files)) return
    const files = question.files.filter((file) => typeof file === 'string').slice(0, maxFiles)
    try {
      toolbar.send<ToolbarAnswer>(answerEvent, { id: question.id, assets: pageAssets(files, workspace) })
    } catch (error) {
      toolbar.send<ToolbarAnswer>(answerEvent, { id: question.id, assets: [], problem: (error as Error).message })
    }
  })
}

/**
 * @param files - names of served files: `TOKEN.ext`, `TOKEN-640.webp` or what a spec calls its file
 */
function pageAssets(files: readonly string[], { index }: Pick<Workspace, 'index'>): PageAsset[] {
  const byStem = new Map<string, string>()
  for (const ref of index.refs()) {
    const file = index.find(ref)?.entry.file
    if (file) byStem.set(basename(file, extname(file)), ref)
  }
  const refOf = (name: string) => {
    const stem = name.slice(0, -extname(name).length || undefined)
    return byStem.get(stem) ?? byStem.get(stem.replace(/-\d+$/, ''))
  }
  const refs = new Set(files.map(refOf).filter((ref) => ref !== undefined))
  return [...refs].sort().map((ref) => {
    const { entry } = index.find(ref)!
    return {
      ref,
      kind: entry.kind,
      files: files.filter((file) => refOf(file) === ref),
      alias: entry.aliases?.[0],
      alt: entry.alt,
      mediaType: entry.mediaType,
      sizeBytes: entry.size,
      widthPx: entry.widthPx,
      heightPx: entry.heightPx,
      spec: entry.source.type === 'spec' ? (entry.source.spec as string) : undefined,
      origin: entry.source.type,
    }
  })
}
