import { spawn, spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** `script` of util-linux runs a command on a terminal of its own; that of other systems takes other arguments. */
export const hasTerminal = process.platform === 'linux' && /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '')
if (!hasTerminal) console.info('Tests on a terminal are skipped: there is no `script` of util-linux to make one with.')

/** What tells of the terminal, or the wishes, of whoever runs the tests. */
const ofItsOwner = /^(?:CI|VITEST|NODE_ENV|BROWSER|PAGER|LESS|TMUX|LC_TERMINAL.*|TERM_PROGRAM.*|(?:KITTY|GHOSTTY|WEZTERM|KONSOLE)_.*)$/

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`

/**
 * Run the command line on a terminal.
 * @param input.presses - keys, each pressed as soon as a text shows after the one before
 * @param input.env - of the command line alone, over the tests' own
 * @param input.stdout - a file that gets what goes to stdout, in place of the terminal
 * @returns `shown`: without what steers the terminal; `raw`: with it
 */
export async function onTerminal(
  args: readonly string[],
  input: { presses?: readonly (readonly [RegExp, string])[]; env?: Readonly<Record<string, string>>; stdout?: string } = {},
): Promise<{ code: number | null; shown: string; raw: string }> {
  const set = Object.entries(input.env ?? {}).map(([name, value]) => `export ${name}=${quoted(value)};`)
  const run = [process.execPath, resolve(import.meta.dirname, '../src/cli/main.ts'), ...args].map(quoted)
  const command = ['stty cols 100 rows 30;', ...set, 'exec', ...run, ...(input.stdout === undefined ? [] : ['>', quoted(input.stdout)])].join(' ')
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofItsOwner.test(name)))
  const child = spawn('script', ['-qec', command, '/dev/null'], { env: { ...env, TERM: 'xterm' }, stdio: ['pipe', 'pipe', 'inherit'] })
  const presses = [...(input.presses ?? [])]
  let raw = ''
  let shown = ''
  let seen = 0
  child.stdout.on('data', (chunk: Buffer) => {
    raw += chunk.toString()
    shown = stripVTControlCharacters(raw)
    const [next] = presses
    if (!next?.[0].test(shown.slice(seen))) return
    seen = shown.length
    child.stdin.write(next[1])
    presses.shift()
  })
  const code = await new Promise<number | null>((done) => child.on('close', done))
  return { code, shown, raw }
}
