import { spawn } from 'node:child_process'

/**
 * Hand a page to the user's browser. No shell is given the address.
 * @returns whether a program took it
 */
export function openPage(page: string): Promise<boolean> {
  const [program, args] = openerOf(process.platform, page)
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}

function openerOf(platform: NodeJS.Platform, page: string): [string, string[]] {
  if (platform === 'darwin') return ['open', [page]]
  return platform === 'win32' ? ['explorer.exe', [page]] : ['xdg-open', [page]]
}
