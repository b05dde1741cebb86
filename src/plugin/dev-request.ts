/** What a request to a dev endpoint of the plugin comes to. */
export type DevVerdict = 'pass' | 'answer' | { status: 403 | 405; why: string }

export interface DevRequest {
  method: string | undefined
  /** As it stands in the request line. */
  target: string | undefined
  host: string | undefined
  origin: string | undefined
  fetchSite: string | undefined
}

/**
 * Decide on a request of a dev server. Hosts do not protect the middleware of plugins: their own checks may be off, and
 * their default lets any page of this machine read it.
 * @param input.path - the one target that is answered, with its base; anything else is the host's
 * @param input.hosts - names beside this machine's own; a leading dot stands for all names below
 */
export function decideDevRequest(request: DevRequest, input: { path: string; hosts: readonly string[] }): DevVerdict {
  const { host, origin, fetchSite } = request
  if (request.target !== input.path) return 'pass'
  // Before all else: a name that another site had resolved to this machine.
  if (host === undefined || !isOwnHost(host, input.hosts)) return { status: 403, why: 'this host is not allowed' }
  if (request.method !== 'GET') return { status: 405, why: 'only GET is answered' }
  const isSameSite = fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none'
  if (!isSameSite || (origin !== undefined && !isOriginOf(origin, host)))
    return { status: 403, why: 'only pages of this server may ask' }
  return 'answer'
}

function isOwnHost(host: string, hosts: readonly string[]): boolean {
  const name = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase()
  if (name === undefined) return false
  if (name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name))
    return true
  return hosts.some((one) => {
    const allowed = one.toLowerCase()
    return allowed.startsWith('.') ? name === allowed.slice(1) || name.endsWith(allowed) : name === allowed
  })
}

function isOriginOf(origin: string, host: string): boolean {
  return origin === `http://${host}` || origin === `https://${host}`
}
