import { existsSync, readFileSync } from 'node:fs'

/**
 * Follow what the constants file says. A new picture changes no more there than its digest, which no page shows: to
 * reload every page that imports the constants would undo that the picture itself is swapped in place.
 *
 * @param path - of the constants file
 * @returns whether the file says the same as when the environment asked last, digests aside
 */
export function followConstants(path: string): (environment: string) => boolean {
  const sayingNow = () => (existsSync(path) ? readFileSync(path, 'utf8').replace(/ hash: "[^"]*",?/g, '') : '')
  const first = sayingNow()
  const known = new Map<string, string>()
  return (environment) => {
    const now = sayingNow()
    const isSame = now === (known.get(environment) ?? first)
    known.set(environment, now)
    return isSame
  }
}
