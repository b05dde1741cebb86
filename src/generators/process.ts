import { contentHash } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import type { Step } from '../core/spec-instance.ts'
import type { GenerationType } from '../core/job.ts'
import {
  formatOfExtension,
  formatOfMediaType,
  type MediaBytes,
  type MediaFacts,
  type MediaFormat,
  type Picture,
  type Sound,
} from '../core/media.ts'
import type { CheckResult, Encoding, Processing, ProcessorContext } from '../core/ports.ts'
import { createRandom } from '../core/random.ts'
import { decodePicture, encodePicture } from './media/picture-codec.ts'
import { resolveEncoding } from './media/encoding.ts'
import { decodeSound } from './media/decode-sound.ts'
import { encodeSound } from './media/encode-sound.ts'
import { resolveSoundEncoding } from './media/sound-encoding.ts'
import { detectMediaType } from './media/detect-media-type.ts'
import { inspectMedia } from './media/read-media.ts'
import { outputUnusable } from './output-unusable.ts'
import { pictureQuality, soundQuality, type Quality } from './quality.ts'
import { resolveSteps, type ResolvedStep } from './steps.ts'

const pickOutside = defineError('PICK_OUTSIDE', {
  summary: 'A variation is chosen that was not made.',
  message: (d: { pick: number; made: number }) => `There is no variation ${d.pick}; ${d.made} were made.`,
  hint: (d) => `Choose one from 1 to ${d.made}.`,
  exit: 2,
})

/** One file of a finished asset. */
export interface ProcessedFile {
  bytes: Uint8Array
  hash: string
  mediaType: string
  /** Without dot. */
  extension: string
}

/** What became of the raw answers of one job. */
export interface Processed {
  file: ProcessedFile
  facts: MediaFacts
  /** The asset in other formats. */
  formats: ProcessedFile[]
  /** Further files beside it, e.g. `.atlas.json`. */
  extras: (MediaBytes & { name: string; hash: string })[]
  checks: CheckResult[]
  quality: Quality | undefined
  /** 1-based place of the variation that was used. */
  chosen: number
}

/** What is to be done; plain values. */
export interface ProcessOrder {
  type: GenerationType
  steps: readonly Step[]
  /** Of the asset's file, without dot; absent: the first `convert` format, or what the provider returned. */
  extension: string | undefined
  /** Raw answers, one per variation. */
  outputs: readonly MediaBytes[]
  /** 1-based; absent: the best by quality that passes the checks. */
  pick: number | undefined
  /** Measure the quality even of a single variation. */
  tracksQuality: boolean
}

/** What processing asks of the project. */
export interface ProcessHost {
  readFile(path: string): Promise<Uint8Array>
  colorsOf(ref: string): Promise<string[]>
  onStep(action: string, durationMs: number): unknown
}

export type ProcessRequest = ProcessOrder & ProcessHost

/**
 * Make the files of an asset from raw answers. Without steps, and when the format fits, the bytes pass untouched.
 * @throws OUTPUT_UNUSABLE, CHECK_FAILED, PICK_OUTSIDE, OPTION_INVALID, and what the decoders throw
 */
export async function processMedia(request: ProcessRequest): Promise<Processed> {
  const { type, outputs, pick } = request
  if (pick !== undefined && (pick < 1 || pick > outputs.length)) throw pickOutside({ pick, made: outputs.length })
  if (type === 'text') return processText(request)
  if (type === 'image') {
    return processDecoded(request, 'image', {
      decode: decodePicture,
      quality: pictureQuality,
      encode: encodePicture,
      resolve: resolveEncoding,
      fallbackFormat: 'png',
    })
  }
  return processDecoded(request, 'audio', {
    decode: (bytes) => decodeSound(bytes),
    quality: soundQuality,
    encode: encodeSound,
    resolve: resolveSoundEncoding,
    fallbackFormat: 'wav',
  })
}

interface Codec<M extends Picture | Sound> {
  decode(bytes: Uint8Array): Promise<M>
  quality(media: M): Quality
  encode(media: M, encoding: Encoding): Promise<MediaBytes>
  /** @throws FORMAT_UNKNOWN or SOUND_FORMAT_UNWRITABLE */
  resolve(format: string): Encoding
  /** For raw formats that cannot be written. */
  fallbackFormat: string
}

async function processDecoded<M extends Picture | Sound>(
  request: ProcessRequest,
  kind: 'image' | 'audio',
  codec: Codec<M>,
): Promise<Processed> {
  const formats = await Promise.all(request.outputs.map((output) => requireKind(output, kind, request.type)))
  const steps = resolveSteps(request.type, request.steps)
  const isUntouched = (format: MediaFormat) =>
    steps.length === 0 && (request.extension === undefined || formatOfExtension(request.extension) === format)

  const several = request.outputs.length > 1
  const needsPixels =
    steps.length > 0 || request.tracksQuality || (several && request.pick === undefined) || !formats.every(isUntouched)
  const decoded = needsPixels ? await Promise.all(request.outputs.map((output) => codec.decode(output.bytes))) : []
  const scores = needsPixels && (request.tracksQuality || several) ? decoded.map((media) => codec.quality(media)) : []
  const order =
    request.pick !== undefined
      ? [request.pick - 1]
      : [...request.outputs.keys()].sort((a, b) => (scores[b]?.score ?? 0) - (scores[a]?.score ?? 0) || a - b)

  let firstFailure: unknown
  for (const index of order) {
    try {
      const finished = isUntouched(formats[index]!)
        ? await untouched(request.outputs[index]!, formats[index]!)
        : await carryOut(request, steps, decoded, index, formats[index]!, codec)
      return {
        ...finished,
        quality: request.tracksQuality ? withChecks(scores[index]!, finished.checks) : undefined,
        chosen: index + 1,
      }
    } catch (error) {
      // Another variation may pass the checks that this one failed.
      firstFailure ??= error
      if ((error as { code?: string }).code !== 'CHECK_FAILED') throw error
    }
  }
  throw firstFailure
}

async function requireKind(output: MediaBytes, kind: 'image' | 'audio', wanted: string): Promise<MediaFormat> {
  const format = await detectMediaType(output.bytes)
  if (format?.kind !== kind)
    throw outputUnusable({ found: format ? format.mediaType : 'bytes of no known type', wanted })
  return format
}

type Finished = Omit<Processed, 'quality' | 'chosen'>

async function untouched(output: MediaBytes, format: MediaFormat): Promise<Finished> {
  const inspected = await inspectMedia(output.bytes, format)
  // A drawing may hold scripts; pixels cannot.
  const bytes = format.extension === 'svg' ? inspected.bytes : output.bytes
  return {
    file: fileOf({ bytes, mediaType: format.mediaType }),
    facts: inspected.facts,
    formats: [],
    extras: [],
    checks: [],
  }
}

async function carryOut<M extends Picture | Sound>(
  request: ProcessRequest,
  steps: readonly ResolvedStep[],
  decoded: readonly M[],
  index: number,
  rawFormat: MediaFormat,
  codec: Codec<M>,
): Promise<Finished> {
  let state: Processing<M> = { media: decoded[index]!, variations: decoded, encodings: [], extras: [], checks: [] }
  const encodeAll = (of: Processing<M>) =>
    Promise.all(
      encodingsOf(of.encodings, request.extension, rawFormat, codec).map((encoding) =>
        codec.encode(of.media, encoding),
      ),
    )
  const context: ProcessorContext = {
    readFile: request.readFile,
    colorsOf: request.colorsOf,
    encode: () => encodeAll(state),
    random: createRandom,
  }
  const lastSheet = steps.findLastIndex(({ processor }) => processor.action === 'sprite-sheet')
  for (const [i, { processor, options }] of steps.entries()) {
    const started = performance.now()
    const before = state
    const run = async (media: M) =>
      (await processor.run({ ...before, media } as never, options as never, context)) as unknown as Processing<M>
    state = await run(before.media)
    // A sheet shows all variations, so each goes the same way up to it.
    if (i < lastSheet && processor.action !== 'validate')
      state = {
        ...state,
        variations: await Promise.all(
          before.variations.map(async (media, at) => (at === index ? state.media : (await run(media)).media)),
        ),
      }
    request.onStep(processor.action, performance.now() - started)
  }
  const [first, ...others] = await encodeAll(state)
  const file = fileOf(first!)
  const { facts } = await inspectMedia(file.bytes, formatOfMediaType(file.mediaType)!)
  return {
    file,
    facts,
    formats: others.map(fileOf),
    extras: state.extras.map((extra) => ({ ...extra, hash: contentHash(extra.bytes) })),
    checks: [...state.checks],
  }
}

/** What is written: the asset's own format first, then the others that `convert` asked for. */
function encodingsOf<M extends Picture | Sound>(
  asked: readonly Encoding[],
  extension: string | undefined,
  raw: MediaFormat,
  codec: Codec<M>,
): Encoding[] {
  const own = extension === undefined ? undefined : (formatOfExtension(extension)?.extension ?? extension)
  if (own === undefined && asked.length > 0) return [...asked]
  const wanted = own ?? raw.extension
  const fitting = asked.find((encoding) => formatOfExtension(encoding.format)?.extension === wanted)
  const first = fitting ?? (own === undefined ? writable(wanted, codec) : codec.resolve(wanted))
  return [first, ...asked.filter((encoding) => encoding !== fitting)]
}

function writable<M extends Picture | Sound>(format: string, codec: Codec<M>): Encoding {
  try {
    return codec.resolve(format)
  } catch {
    return codec.resolve(codec.fallbackFormat)
  }
}

function fileOf({ bytes, mediaType }: MediaBytes): ProcessedFile {
  return { bytes, mediaType, hash: contentHash(bytes), extension: formatOfMediaType(mediaType)?.extension ?? 'bin' }
}

function withChecks(quality: Quality, checks: readonly CheckResult[]): Quality {
  if (checks.length === 0) return quality
  const parts = {
    ...quality.parts,
    checks: Math.round((checks.filter((check) => check.ok).length / checks.length) * 1000) / 10,
  }
  const values = Object.values(parts)
  return { score: Math.round((values.reduce((sum, part) => sum + part, 0) / values.length) * 10) / 10, parts }
}

function processText(request: ProcessRequest): Processed {
  const chosen = request.pick ?? 1
  const { bytes } = request.outputs[chosen - 1]!
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw outputUnusable({ found: 'bytes that are no UTF-8 text', wanted: 'text' }, { cause })
  }
  const format = formatOfExtension(request.extension ?? 'txt')!
  return {
    file: { bytes, mediaType: format.mediaType, hash: contentHash(bytes), extension: format.extension },
    facts: { mediaType: format.mediaType, kind: 'text' },
    formats: [],
    extras: [],
    checks: [],
    quality: undefined,
    chosen,
  }
}
