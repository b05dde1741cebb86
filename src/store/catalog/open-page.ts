import { spawn } from 'node:child_process'

/** What still runs after this long is the browser itself, or waits for one. */
const startMs = 1000

/**
 * Hand a page to the user's browser. No shell is given the address.
 * @param openers - programs that are tried before that of the system, first to last
 * @returns whether a program took it
 */
export async function openPage(page: string, openers: readonly string[] = []): Promise<boolean> {
  for (const program of [...openers, openerOf(process.platform)]) if (await isTaken(program, page)) return true
  return false
}

function openerOf(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'open'
  return platform === 'win32' ? 'explorer.exe' : 'xdg-open'
}

function isTaken(program: string, page: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, [page], { stdio: 'ignore', detached: true })
    const started = setTimeout(() => {
      child.unref()
      resolve(true)
    }, startMs)
    const end = (isOpened: boolean) => {
      clearTimeout(started)
      resolve(isOpened)
    }
    child.once('error', () => end(false))
    // The Explorer of Windows ends with 1 when all went well.
    child.once('exit', (code) => end(code === 0 || program === 'explorer.exe'))
  })
}
