import { spawn } from 'node:child_process'

/**
 * Show a text that is longer than the screen in a pager.
 * @param pager - the program and its arguments
 * @returns false when the text is still to be written: it is short, nobody sits there, or there is no such program
 */
export async function showInPager(text: string, [program, ...args]: readonly string[]): Promise<boolean> {
  const { stdin, stdout } = process
  if (!stdin.isTTY || !stdout.isTTY || !program) return false
  if (text.split('\n').length < stdout.rows) return false
  const pager = spawn(program, args, { stdio: ['pipe', 'inherit', 'inherit'] })
  return new Promise((resolve) => {
    pager.once('error', () => resolve(false))
    pager.once('close', () => resolve(true))
    // Whoever leaves the pager early has seen enough.
    pager.stdin.on('error', () => undefined)
    pager.stdin.end(text)
  })
}
