import { statSync } from 'node:fs'
import { extname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { contentHash } from '../core/digest.ts'
import { toAssetloomError, type AssetloomError } from '../core/errors.ts'
import type { Entry } from '../core/manifest.ts'
import { formatOfExtension } from '../core/media.ts'
import type { Workspace } from '../workspace.ts'
import type { AssetFile } from './asset-module.ts'
import type { PinnedAsset } from './pinned-asset.ts'

export interface FoundAsset {
  ref: string
  entry: Entry
  /** Absolute path when the file is not where the entry says (made from a shared cache while frozen). */
  path?: string | undefined
  /** `webp` of `TOKEN.webp`. */
  extension?: string | undefined
  /** In dev, what is shown while the asset is being made or when that failed. */
  placeholder?: AssetFile | undefined
  /** It is asked for at a version, or borrowed from the user's own folder. */
  pinned?: PinnedAsset | undefined
}

export interface AssetFinder {
  /** The asset behind a ref; a spec is carried out as the options say. Undefined when nothing knows the ref. */
  find(ref: string): Promise<FoundAsset | undefined>
  /** `TOKEN.webp` means the picture TOKEN as WebP. */
  withoutExtension(ref: string): FoundAsset | undefined
}

/** In dev a page waits this long for an asset; then it gets a placeholder, and the asset when it is there. */
const patienceMs = 500

/** Failures of making, as opposed to mistakes in the spec: dev shows them in the asset's place and goes on. */
const isFailureToMake = (error: AssetloomError) => error.code.startsWith('PROVIDER_') || error.code === 'CHECK_FAILED'

/**
 * @param input.isDev - serve the last good asset or a placeholder instead of waiting for slow providers
 * @param input.onSettled - an asset that a placeholder stands for was made, or failed
 */
export function createAssetFinder(workspace: Workspace, input: { isDev: boolean; onSettled(): void }): AssetFinder {
  const { index, generation, log } = workspace
  /** Failures by ref with the state of the spec they came from: a save tries again, a page load does not pay again. */
  const failures = new Map<string, { error: AssetloomError; stamp: string }>()

  const specStamp = async (ref: string) =>
    (await generation.specFilesOf(ref))
      .map((file) => `${file}:${statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0}`)
      .join('\n')

  const remember = async (ref: string, error: AssetloomError) =>
    void failures.set(ref, { error, stamp: await specStamp(ref) })

  const withoutExtension = (ref: string): FoundAsset | undefined => {
    const extension = extname(ref)
    const found = formatOfExtension(extension) && index.find(ref.slice(0, -extension.length))
    return found && { ...found, extension: extension.slice(1) }
  }

  const keep = async (found: FoundAsset, error: AssetloomError): Promise<FoundAsset> => {
    if (!input.isDev) throw error
    if (isFailureToMake(error)) await remember(found.ref, error)
    log.write({
      event: 'ASSET_KEPT',
      level: 'warn',
      subsystem: 'plugin',
      ref: found.ref,
      message: `${found.ref} keeps its last good state: ${error.message}`,
      ...(error.hint && { hint: error.hint }),
    })
    return found
  }

  const ensure = async (ref: string): Promise<FoundAsset | undefined> => {
    const made = await generation.ensure(ref, { leavesSources: input.isDev })
    if (!made) return undefined
    const found = { ref: made.ref, entry: made.entry, path: made.state === 'transient' ? made.file : undefined }
    return made.state === 'kept' && made.error ? keep(found, made.error) : found
  }

  const placeholder = async (ref: string, note: string): Promise<FoundAsset | undefined> => {
    const instance = await generation.findSpecFor(ref)
    if (!instance) return undefined
    const { request } = instance
    const resized = instance.steps
      .map((step) => /^(\d+)x(\d+)$/.exec(String((step as Record<string, unknown>).dimensions ?? '')))
      .findLast(Boolean)
    const kind = request.type === 'image' ? 'image' : 'audio'
    const widthPx = Number(resized?.[1] ?? request.widthPx ?? 512)
    const heightPx = Number(resized?.[2] ?? request.heightPx ?? 512)
    const name = instance.aliases[0] ?? ref
    const { bytes, mediaType } = await workspace.placeholder({
      kind,
      name,
      note,
      widthPx,
      heightPx,
      durationSeconds: request.durationSeconds ?? 1,
    })
    const hash = contentHash(bytes)
    const extension = kind === 'image' ? 'png' : 'wav'
    const size = kind === 'image' ? { widthPx, heightPx } : {}
    const file: AssetFile = {
      name: `${name}.placeholder.${extension}`,
      hash,
      mediaType,
      sizeBytes: bytes.length,
      ...size,
      originalFileName: instance.file,
      read: () => bytes,
    }
    const entry: Entry = {
      kind,
      mediaType,
      size: bytes.length,
      ...size,
      ...(instance.about.alt !== undefined && { alt: instance.about.alt }),
      version: '0.0.0',
      created: '',
      modified: '',
      source: { type: 'import' },
    }
    return { ref, entry, placeholder: file }
  }

  /** Dev: whoever asks is answered soon; what comes of it arrives as a change. */
  const ensureInDev = async (ref: string, known: FoundAsset | undefined): Promise<FoundAsset | undefined> => {
    const failed = failures.get(ref)
    if (failed && failed.stamp === (await specStamp(ref))) return known ?? placeholder(ref, failed.error.message)
    failures.delete(ref)
    const work = ensure(ref)
    const waiting = Symbol('waiting')
    try {
      const first = await Promise.race([work, sleep(patienceMs, waiting)])
      if (first !== waiting) return first as FoundAsset | undefined
    } catch (thrown) {
      return failedInDev(ref, toAssetloomError(thrown), known)
    }
    work.then(
      () => input.onSettled(),
      async (thrown: unknown) => {
        await failedInDev(ref, toAssetloomError(thrown), known).catch(() => undefined)
        input.onSettled()
      },
    )
    return known ?? placeholder(ref, 'being made …')
  }

  const failedInDev = async (
    ref: string,
    error: AssetloomError,
    known: FoundAsset | undefined,
  ): Promise<FoundAsset | undefined> => {
    if (!isFailureToMake(error)) throw error
    if (known) return keep(known, error)
    await remember(ref, error)
    log.write({
      event: 'ASSET_GENERATION_FAILED',
      level: 'warn',
      subsystem: 'plugin',
      ref,
      message: error.message,
      ...(error.hint && { hint: error.hint }),
    })
    return placeholder(ref, error.message)
  }

  return {
    withoutExtension,
    async find(ref) {
      const known = index.find(ref)
      if (known && known.entry.source.type !== 'spec') return known
      const found = await (input.isDev ? ensureInDev(known?.ref ?? ref, known) : ensure(known?.ref ?? ref))
      return found ?? known ?? withoutExtension(ref)
    },
  }
}
