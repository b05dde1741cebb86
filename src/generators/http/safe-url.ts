const loopbackHosts = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Why an address that a server gave must not be asked, in words for a person; undefined when it may.
 * Others are reached by https only; plain http is for servers on this machine.
 */
export function unsafeReason(address: string): string | undefined {
  if (!URL.canParse(address)) return 'it is no URL'
  const url = new URL(address)
  if (url.username !== '' || url.password !== '') return 'it holds a user name or password'
  if (url.protocol === 'https:') return undefined
  if (url.protocol === 'http:' && loopbackHosts.has(url.hostname)) return undefined
  return 'it is neither https: nor on this machine'
}
