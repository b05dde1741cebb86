import { Command, Option } from 'commander'
import { defineError } from '../core/errors.ts'
import type { OperationRow } from '../operations/index.ts'
import type { CommandShape } from '../operations/operation.ts'
import { spellingsOf, type Flag } from './flags.ts'

export const usage = defineError('USAGE', {
  summary: 'A command, option or value of the command line is not one that Assetloom has.',
  message: (d: { message: string; hint?: string | undefined }) => d.message,
  hint: (d) => d.hint ?? 'assetloom --help lists the commands.',
  exit: 2,
})

export const negated = (flag: Flag) => flag.flag.replace(/^--/, '--no-')

const logLevels = ['debug', 'info', 'warn', 'error', 'silent']

/** What every command takes. */
export const commonFlags: readonly (readonly [spelling: string, description: string])[] = [
  ['--json', 'One JSON document on stdout, for errors too.'],
  ['--cwd <folder>', 'The project. Default: the folder you are in.'],
  ['--quiet', 'No progress and no log.'],
  ['--yes', 'Answer yes to every question.'],
  ['--log-level <level>', 'How much is told.'],
]

/** An operation or a face as a command with its arguments and options. */
export function commandOf(row: Pick<OperationRow, 'name' | 'summary'>, { positional = [] }: CommandShape, flags: Flag[]): Command {
  const command = new Command(`assetloom ${row.name}`)
    .description(row.summary)
    .helpOption('-h, --help', 'What you read here.')
    .configureHelp({ optionTerm: ({ flags: spelling }) => spelling.replace(' [bool]', '[=bool]') })
    .exitOverride()
    .configureOutput({ writeErr() {}, writeOut() {} })
  for (const member of positional) {
    const flag = flags.find((one) => one.member === member)!
    const label = flag.type === 'list' ? `${member}...` : member
    command.argument(flag.isRequired ? `<${label}>` : `[${label}]`, flag.description)
    // What may be left out as an argument may also be given by its name: add-tags REF --tags a,b.
    if (!flag.isRequired) command.addOption(optionOf(flag).hideHelp())
  }
  for (const flag of flags.filter((one) => !one.isPositional)) {
    command.addOption(optionOf(flag))
    // On by default: help names how it is turned off, and saying it all the same is no mistake.
    if (isOnByDefault(flag)) command.addOption(new Option(flag.flag, flag.description).hideHelp())
  }
  for (const [spelling, description] of commonFlags) {
    const option = new Option(spelling === '--yes' ? '-y, --yes' : spelling, description)
    command.addOption(spelling.startsWith('--log-level') ? option.choices(logLevels) : option)
  }
  return command
}

export const isOnByDefault = (flag: Flag) => flag.type === 'boolean' && flag.default === true

/** Neither on nor off by default: both can be said, `--flag` or `--flag=true`, and `--flag=false`. */
export const saysBoth = (flag: Flag) => flag.type === 'boolean' && flag.default === undefined && !flag.isRequired

function optionOf(flag: Flag): Option {
  if (isOnByDefault(flag)) return new Option(negated(flag), `Not: ${flag.description}`)
  // The word after it is none of its own; see settleSwitches.
  if (saysBoth(flag))
    return new Option(`${flag.flag} [bool]`, flag.description).argParser((text: string) => (text === 'true' ? true : text === 'false' ? false : text))
  const placeholder = { string: ' <text>', texts: ' <text>', list: ' <text>', number: ' <number>', pairs: ' <name=value>', boolean: '' }[
    flag.type
  ]
  const option = new Option(`${spellingsOf(flag).toReversed().join(', ')}${placeholder}`, flag.description)
  if (flag.choices) option.choices(flag.choices)
  if (flag.type === 'number')
    option.argParser((text: string) => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text))
  if (flag.type === 'list')
    option.argParser((text: string, before: string[] | undefined) => [...(before ?? []), ...splitList(text)])
  if (flag.type === 'texts') option.argParser((text: string, before: string[] | undefined) => [...(before ?? []), text])
  if (flag.type === 'pairs')
    option.argParser((text: string, before: Pairs | undefined) => joined(before ?? {}, pair(text), flag.holdsLists ?? false))
  return option
}

/** `a, b` → [a, b]; a backslash keeps a comma. */
export function splitList(text: string): string[] {
  return text.split(/(?<!\\),/).map((item) => item.trim().replaceAll('\\,', ',')).filter((item) => item !== '')
}

type Pairs = Readonly<Record<string, string | readonly string[]>>

/** @param holdsLists - a name that stands again adds a value; else it takes the place of the one before */
function joined(before: Pairs, added: Readonly<Record<string, string>>, holdsLists: boolean): Pairs {
  if (!holdsLists) return { ...before, ...added }
  const again = Object.entries(added).map(([name, value]) => [name, Object.hasOwn(before, name) ? [before[name]!, value].flat() : value] as const)
  return { ...before, ...Object.fromEntries(again) }
}

function pair(text: string): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw usage({ message: `"${text}" is not name=value.` })
  const name = text.slice(0, at)
  if (name === '__proto__') throw usage({ message: `"${name}" can be no name.` })
  return { [name]: text.slice(at + 1) }
}
