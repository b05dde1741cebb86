import { isLoopbackHost, isPrivateHost, unsafeReason } from '../safe-url.ts'

/**
 * Where a redirect of a catalog's server leads, or why it is not followed. It is followed on the same host only, and
 * under the same beginning of the path: `owner/repo/<sha>/` stays what it is.
 * @param input.location - the header as the server wrote it
 * @param input.under - beginning of the path, with its closing slash
 * @param input.isSameElsewhere - whether a path with its query stands for what was asked for, though not under `under`
 */
export function redirectTarget(input: {
  from: string
  location: string
  under: string
  isSameElsewhere?: ((target: string) => boolean) | undefined
}): { url: string } | { why: string } {
  const from = new URL(input.from)
  const { location } = input
  // What a URL parser would tidy away.
  // eslint-disable-next-line no-control-regex
  if (/[\\\u0000-\u0020\u007f]/.test(location)) return { why: 'it redirects to an address with characters that none has' }
  if (/%(?:2e|2f|5c|25|00)/i.test(location) || /(?:^|\/)\.\.?(?:[/?#]|$)/.test(location)) return { why: 'it redirects to an address with a path that climbs' }
  if (!URL.canParse(location, from)) return { why: 'it redirects to nowhere' }
  const to = new URL(location, from)
  if (isPrivateHost(to.hostname) && !isLoopbackHost(from.hostname)) return { why: `it redirects to ${to.hostname}, which is an address of a private network` }
  if (to.origin !== from.origin) return { why: `it redirects to another host, ${to.host}` }
  const unsafe = unsafeReason(to.href)
  if (unsafe) return { why: `it redirects to an address that is not used: ${unsafe}` }
  if (!to.pathname.startsWith(input.under) && !input.isSameElsewhere?.(to.pathname + to.search)) return { why: `it redirects to ${to.pathname}, which does not lie under ${input.under}` }
  return { url: to.href }
}
