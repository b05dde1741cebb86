const loopbackHosts = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Whether a host of a URL is this machine, by one of the names that options may give it. */
export function isLoopbackHost(hostname: string): boolean {
  return loopbackHosts.has(hostname)
}

/**
 * Why an address that a server gave must not be asked, in words for a person; undefined when it may.
 * Others are reached by https only; plain http is for servers on this machine.
 */
export function unsafeReason(address: string): string | undefined {
  if (!URL.canParse(address)) return 'it is no URL'
  const url = new URL(address)
  if (url.username !== '' || url.password !== '') return 'it holds a user name or password'
  if (url.protocol === 'https:') return undefined
  if (url.protocol === 'http:' && isLoopbackHost(url.hostname)) return undefined
  return 'it is neither https: nor on this machine'
}

/** Whether a host of a URL names this machine or a private network: IPv4 and IPv6 literals, and names that mean them. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '')
  if (host === 'localhost' || /\.(?:localhost|local|internal|home\.arpa)$/.test(host)) return true
  if (host.startsWith('[')) return isPrivateIpv6(host.slice(1, -1))
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) && isPrivateIpv4(host.split('.').map(Number))
}

/** Ranges of RFC 6890 that no public server has. */
function isPrivateIpv4([a = 0, b = 0]: readonly number[]): boolean {
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    a >= 224 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && (b === 168 || b === 0)) ||
    (a === 198 && (b === 18 || b === 19))
  )
}

/** @param address - as a URL spells it: shortest form, small letters */
function isPrivateIpv6(address: string): boolean {
  if (address === '::' || address === '::1') return true
  if (/^f[cd]|^fe[89ab]|^ff/.test(address)) return true
  const mapped = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address)
  if (!mapped) return false
  const [high, low] = [parseInt(mapped[1]!, 16), parseInt(mapped[2]!, 16)]
  return isPrivateIpv4([high >> 8, high & 255, low >> 8, low & 255])
}
