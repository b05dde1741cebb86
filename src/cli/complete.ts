import { resolve } from 'node:path'
import { libraryKinds } from '../core/kinds/index.ts'
import { commands, type CommandRow } from './commands.ts'
import { commonFlags, isOnByDefault, negated, usage } from './command-definition.ts'
import { completionScripts, shells } from './completion-scripts.ts'
import { flagsOf, type Flag } from './flags.ts'

export const completeSummary = 'Print what makes a shell complete commands, flags and refs.'

export const completeHelp = `Usage: assetloom complete <${shells.join('|')}>

${completeSummary}

  bash  source <(assetloom complete bash)   in ~/.bashrc
  zsh   source <(assetloom complete zsh)    in ~/.zshrc, after compinit
  fish  assetloom complete fish | source    in ~/.config/fish/config.fish

Example: assetloom complete bash > ~/.local/share/bash-completion/completions/assetloom
`

interface Suggestion {
  value: string
  description?: string
}

/** More refs than these help nobody who presses TAB. */
const mostRefs = 200

/**
 * `complete <shell>` prints a script; the script asks `complete -- words…` what may stand in place of the last word, and
 * is given a line for each: the value, a tab, a description.
 * @param args - what follows `complete`
 * @throws USAGE
 */
export async function complete(args: readonly string[]): Promise<string> {
  const [first, ...words] = args
  if (first === '--') {
    const found = await suggest(words)
    return found.map(({ value, description }) => (description ? `${value}\t${description}` : value)).join('\n')
  }
  const shell = shells.find((one) => one === first)
  if (shell && words.length === 0) return completionScripts[shell]
  throw usage({
    message: first === undefined ? 'complete needs the name of a shell.' : `There is no completion for "${args.join(' ')}".`,
    hint: `Shells: ${shells.join(', ')}.`,
  })
}

async function suggest(words: readonly string[]): Promise<Suggestion[]> {
  const last = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  const row = commands.findLast(({ name }) => name.split(' ').every((word, i) => before[i] === word))
  const names = () =>
    commands.flatMap(({ name, summary }) => {
      const parts = name.split(' ')
      const isOpen = parts.length > before.length && before.every((word, i) => parts[i] === word)
      return isOpen ? [{ value: parts[before.length]!, description: parts.length === before.length + 1 ? summary : '' }] : []
    })
  const found = [...names(), ...(row ? await ofCommand(row, before.slice(row.name.split(' ').length), last) : [])]
  return [...new Map(found.map((one) => [one.value, one])).values()].filter(({ value }) => value.startsWith(last))
}

/** @param before - the words between the command and the one being typed */
async function ofCommand(row: CommandRow, before: readonly string[], last: string): Promise<Suggestion[]> {
  const command = await row.load()
  const flags = flagsOf(command)
  const root = resolve(before[before.indexOf('--cwd') + 1] ?? '.')
  const valuesOf = async (flag: Flag): Promise<Suggestion[]> => {
    if (flag.choices) return flag.choices.map((value) => ({ value }))
    if (flag.member === 'kind') return libraryKinds.map(({ name, summary }) => ({ value: name, description: summary }))
    if (!/^refs?$/.test(flag.member)) return []
    return (await refsOf(root, last)).map((value) => ({ value }))
  }
  const named = flags.filter((flag) => !flag.isPositional)
  const open = named.find((flag) => flag.flag === before.at(-1) && flag.type !== 'boolean')
  if (open) return valuesOf(open)
  if (last.startsWith('-'))
    return [
      ...named.map((flag) => ({ value: isOnByDefault(flag) ? negated(flag) : flag.flag, description: flag.description })),
      ...commonFlags.map(([value, description]) => ({ value: value.split(' ')[0]!, description })),
    ]
  const takesValue = new Set([...named.filter((flag) => flag.type !== 'boolean').map(({ flag }) => flag), '--cwd', '--log-level'])
  const place = before.filter((word, i) => !word.startsWith('-') && !takesValue.has(before[i - 1] ?? '')).length
  const positional = (command.positional ?? []).map((member) => flags.find((flag) => flag.member === member)!)
  const at = positional[place] ?? (positional.at(-1)?.type === 'list' ? positional.at(-1) : undefined)
  return at ? valuesOf(at) : []
}

/** Names of the project that begin so; none where there is no project that can be read. */
async function refsOf(root: string, start: string): Promise<string[]> {
  try {
    const { openWorkspace } = await import('../workspace.ts')
    const workspace = await openWorkspace({ root })
    try {
      return workspace.index.names().filter((name) => name.startsWith(start)).slice(0, mostRefs)
    } finally {
      await workspace.close()
    }
  } catch {
    return []
  }
}
