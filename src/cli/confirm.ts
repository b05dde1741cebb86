import { createInterface } from 'node:readline/promises'
import { plainText } from './terminal.ts'

const answers: ReadonlyMap<string, boolean> = new Map([['y', true], ['yes', true], ['n', false], ['no', false]])

/**
 * Ask a person for yes or no on the terminal, on stderr: the answer to the command is stdout's alone. Asked again until it
 * is one of both.
 * @param preset - what Enter alone answers
 * @returns Ctrl-C and the end of the input are a no
 * @throws the reason of the signal
 */
export async function confirm(question: string, preset: 'yes' | 'no', signal: AbortSignal): Promise<boolean> {
  const text = plainText(question)
  // Readline draws its prompt again with every key, so that it is given the last line alone.
  const start = text.lastIndexOf('\n') + 1
  process.stderr.write(text.slice(0, start))
  const prompt = `${text.slice(start)} ${preset === 'yes' ? '[Y/n]' : '[y/N]'} `
  const gone = new AbortController()
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: true, historySize: 0 })
  lines.once('SIGINT', () => gone.abort()).once('close', () => gone.abort())
  try {
    for (;;) {
      const given = (await lines.question(prompt, { signal: AbortSignal.any([signal, gone.signal]) })).trim().toLowerCase()
      const answer = given === '' ? preset === 'yes' : answers.get(given)
      if (answer !== undefined) return answer
      process.stderr.write('Please answer y or n.\n')
    }
  } catch (error) {
    signal.throwIfAborted()
    if (!gone.signal.aborted) throw error
    process.stderr.write('\n')
    return false
  } finally {
    lines.close()
  }
}
