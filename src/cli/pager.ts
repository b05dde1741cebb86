import { spawn } from 'node:child_process'

/** Colours pass, what fits a screen is not paged, and the text stays on the screen: as git has it. */
const lessFlags = 'FRX'

/**
 * Show a text that is longer than the screen in the user's pager: `PAGER`, else `less`. An empty one, or `cat`, means none.
 * @returns false when the text is still to be written: it is short, nobody sits there, or there is no such program
 */
export async function showInPager(text: string): Promise<boolean> {
  const { stdin, stdout } = process
  const [program, ...args] = (process.env.PAGER ?? 'less').split(' ').filter(Boolean)
  if (!stdin.isTTY || !stdout.isTTY || !program || program === 'cat') return false
  if (text.split('\n').length < stdout.rows) return false
  const pager = spawn(program, args, {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { LESS: lessFlags, ...process.env },
  })
  return new Promise((resolve) => {
    pager.once('error', () => resolve(false))
    pager.once('close', () => resolve(true))
    // Whoever leaves the pager early has seen enough.
    pager.stdin.on('error', () => undefined)
    pager.stdin.end(text)
  })
}
