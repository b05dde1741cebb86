/**
 * How long a server asks to wait, in milliseconds: `retry-after-ms`, or `Retry-After` in seconds or as an HTTP date.
 * @returns undefined when it does not say, or says nothing that can be read
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const milliseconds = headers.get('retry-after-ms')
  if (milliseconds !== null && /^\d+(?:\.\d+)?$/.test(milliseconds)) return Math.ceil(Number(milliseconds))
  const asked = headers.get('retry-after')?.trim()
  if (!asked) return undefined
  if (/^\d+(?:\.\d+)?$/.test(asked)) return Math.ceil(Number(asked) * 1000)
  const date = Date.parse(asked)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}
