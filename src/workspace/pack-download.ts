import { defineError } from '../core/errors.ts'
import { packLimits } from '../core/pack-check.ts'
import { readBody } from '../core/read-body.ts'
import { unsafeReason } from '../core/safe-url.ts'

const downloadFailed = defineError('PACK_DOWNLOAD_FAILED', {
  summary: 'A pack could not be fetched from its address.',
  message: (d: { url: string; why: string }) => `${d.url} was not fetched: ${d.why}.`,
  hint: () => 'Packs come from https addresses, or from servers on this machine. Or download it and name the file.',
})

const mostRedirects = 5
const patienceMs = 60_000

/**
 * Fetch a pack. Redirects are followed on the same host only: an address is asked because it is trusted.
 * @throws PACK_DOWNLOAD_FAILED
 */
export async function downloadPack(address: string, signal: AbortSignal): Promise<Uint8Array> {
  const failed = (why: string, cause?: unknown) => {
    // A query may hold a signature that is as good as a key.
    const { origin, pathname } = URL.canParse(address) ? new URL(address) : { origin: '', pathname: address }
    return downloadFailed({ url: `${origin === 'null' ? '' : origin}${pathname}`, why }, { cause })
  }
  const unsafe = unsafeReason(address)
  if (unsafe) throw failed(unsafe)
  let url = new URL(address)
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  for (let redirects = 0; ; redirects++) {
    let response: Response
    let bytes: Uint8Array | undefined
    try {
      response = await fetch(url, { redirect: 'manual', signal: patience })
      if (response.ok) bytes = await readBody(response, packLimits.packBytes)
      else await response.body?.cancel()
    } catch (error) {
      if (signal.aborted) throw error
      const { message, cause } = error as Error & { cause?: Error }
      throw failed(patience.aborted ? `nothing came in ${patienceMs / 1000} s` : (cause?.message ?? message), error)
    }
    if (response.ok) {
      if (!bytes) throw failed(`it is larger than ${packLimits.packBytes} bytes`)
      return bytes
    }
    const location = response.headers.get('location')
    if (response.status < 300 || response.status >= 400 || !location) throw failed(`the answer was ${response.status}`)
    if (!URL.canParse(location, url.href)) throw failed('it redirects to nowhere')
    const next = new URL(location, url)
    if (next.origin !== url.origin) throw failed(`it redirects to another host, ${next.host}`)
    if (redirects === mostRedirects) throw failed(`it redirects more than ${mostRedirects} times`)
    url = next
  }
}
