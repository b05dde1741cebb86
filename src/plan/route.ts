import type { JobRequest } from '../core/job.ts'
import type { ProviderCapabilities } from '../core/ports.ts'

/** What a job asks of a provider beside its request. */
export interface Needs {
  alpha: boolean
  references: number
}

/** Why a provider cannot take a job, in words for a person; undefined when it can. */
export function unfitReason(capabilities: ProviderCapabilities, request: JobRequest, needs: Needs): string | undefined {
  if (!capabilities.types.includes(request.type))
    return `it makes ${capabilities.types.join(', ')}, not ${request.type}`
  const { widthPx, heightPx, durationSeconds } = request
  if (request.type === 'image' && widthPx && heightPx) {
    const size = `${widthPx}x${heightPx}` as const
    if (capabilities.sizes && !capabilities.sizes.includes(size))
      return `it makes no ${size}, only ${capabilities.sizes.join(', ')}`
    if (widthPx > (capabilities.maxWidthPx ?? Infinity) || heightPx > (capabilities.maxHeightPx ?? Infinity))
      return `its largest picture is ${capabilities.maxWidthPx ?? 'any'}x${capabilities.maxHeightPx ?? 'any'}, and ${size} is asked`
  }
  if (request.type === 'image' && needs.alpha && !capabilities.alpha)
    return 'it makes no transparency, which the spec checks for'
  if (durationSeconds !== undefined) {
    const { minSeconds = 0, maxSeconds = Infinity } = capabilities.durations?.[request.type] ?? {
      minSeconds: capabilities.minDurationSeconds,
      maxSeconds: capabilities.maxDurationSeconds,
    }
    if (durationSeconds > maxSeconds)
      return `its longest sound is ${maxSeconds} s, and ${durationSeconds} s are asked`
    if (durationSeconds < minSeconds)
      return `its shortest sound is ${minSeconds} s, and ${durationSeconds} s are asked`
  }
  if (needs.references > (capabilities.references ?? 0))
    return capabilities.references
      ? `it takes ${capabilities.references} references, and the spec has ${needs.references}`
      : 'it takes no references'
  return undefined
}
