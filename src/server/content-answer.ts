import type { AssetContent } from '../operations/read-content.ts'

/** Which part of the bytes a Range header asks for; nothing for one that is not to be heeded. */
export function rangeOf(header: string | undefined, size: number): { start: number; end: number } | 'outside' | undefined {
  const parts = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (!parts || (parts[1] === '' && parts[2] === '')) return undefined
  const [first, last] = [parts[1]!, parts[2]!]
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (first !== '' && last !== '' && Number(last) < start) return undefined
  return start > end || start >= size ? 'outside' : { start, end }
}

/** The bytes of an asset: whole, a part, or that nothing changed. */
export function answerContent({ bytes, hash, mediaType, version }: AssetContent, headers: Headers): Response {
  const etag = `"${hash}"`
  const common = { etag, 'cache-control': 'private, no-cache', 'accept-ranges': 'bytes', 'assetloom-version': version }
  const known = headers.get('if-none-match')
  if (known !== null && known.split(',').some((one) => ['*', etag, `W/${etag}`].includes(one.trim()))) return new Response(null, { status: 304, headers: common })
  const isSame = headers.get('if-range') === null || headers.get('if-range') === etag
  const range = isSame ? rangeOf(headers.get('range') ?? undefined, bytes.length) : undefined
  if (range === 'outside') return new Response(null, { status: 416, headers: { ...common, 'content-range': `bytes */${bytes.length}` } })
  const type = { ...common, 'content-type': mediaType }
  if (!range) return new Response(Uint8Array.from(bytes), { headers: { ...type, 'content-length': String(bytes.length) } })
  const part = Uint8Array.from(bytes.subarray(range.start, range.end + 1))
  return new Response(part, {
    status: 206,
    headers: { ...type, 'content-length': String(part.length), 'content-range': `bytes ${range.start}-${range.end}/${bytes.length}` },
  })
}
