import { Command, CommanderError, Option } from 'commander'
import { defineError } from '../core/errors.ts'
import { didYouMean } from '../core/near.ts'
import { operations, type OperationRow } from '../operations/index.ts'
import type { Operation } from '../operations/operation.ts'
import { flagsOf, type Flag } from './flags.ts'

const usage = defineError('USAGE', {
  summary: 'A command, option or value of the command line is not one that Assetloom has.',
  message: (d: { message: string; hint?: string }) => d.message,
  hint: (d) => d.hint ?? 'assetloom --help lists the commands.',
  exit: 2,
})

/** Flags that every command has. */
export interface CommonFlags {
  json: boolean
  quiet: boolean
  yes: boolean
  cwd: string | undefined
  logLevel: string | undefined
}

export interface ParsedCommand {
  row: OperationRow
  operation: Operation
  input: Record<string, unknown>
  common: CommonFlags
}

/**
 * Read the arguments of one command.
 * @throws USAGE
 */
export async function parseArguments(args: readonly string[]): Promise<ParsedCommand | { help: string }> {
  const name = args.find((arg) => !arg.startsWith('-'))
  if (name === undefined) {
    const unknown = args.find((arg) => !commonFlagNames.includes(arg))
    if (unknown) throw usage({ message: `There is no option ${unknown} before a command.` })
    throw usage({ message: 'No command was given.' })
  }
  const row = operations.find((one) => one.name === name)
  if (!row) {
    const hint = didYouMean(name, operations.map((one) => one.name))
    throw usage({ message: `There is no command "${name}".`, hint: hint ?? 'assetloom --help lists the commands.' })
  }
  const operation = await row.load()
  const flags = flagsOf(operation)
  const command = commandOf(row, operation, flags)
  const own = [...args]
  own.splice(own.indexOf(name), 1)
  const rest = gatherExtraFlags(own, operation, flags)
  if (rest.includes('--help') || rest.includes('-h')) return { help: command.helpInformation() + `\nExample: ${operation.example}\n` }
  try {
    command.parse(rest, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    throw usage({
      message: error.message.replace(/^error: /, '').replace(/\n\(?Did you mean[^)]*\)?/, ''),
      hint: hintFor(error, rest, flags, row.name),
    })
  }
  return { row, operation, ...collect(command, operation, flags) }
}

const commonFlagNames = ['--json', '--quiet', '--yes', '--help', '-h']

/** Flags that the operation does not know, as `--param name=value`, for operations that take them. */
function gatherExtraFlags(args: readonly string[], operation: Operation, flags: readonly Flag[]): string[] {
  const { extraFlags } = operation
  const flagOf = (member: string) => flags.find((flag) => flag.member === member)!.flag
  if (!extraFlags || !args.some((arg) => arg === flagOf(extraFlags.with) || arg.startsWith(`${flagOf(extraFlags.with)}=`))) return [...args]
  const known = new Set([...flags.map((flag) => flag.flag), ...flags.map((flag) => flag.flag.replace(/^--/, '--no-')), ...commonFlagNames, '--cwd', '--log-level', '-y'])
  const gathered: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    const [flag, ...value] = arg.split('=')
    if (!/^--[A-Za-z]/.test(arg) || known.has(flag!)) gathered.push(arg)
    else if (value.length > 0) gathered.push(flagOf(extraFlags.into), arg.slice(2))
    else if (args[i + 1] !== undefined && !args[i + 1]!.startsWith('--')) gathered.push(flagOf(extraFlags.into), `${arg.slice(2)}=${args[++i]}`)
    else gathered.push(flagOf(extraFlags.into), `${arg.slice(2)}=true`)
  }
  return gathered
}

function hintFor(error: CommanderError, args: string[], flags: Flag[], name: string): string {
  const known = [...flags.filter((flag) => !flag.isPositional).map((flag) => flag.flag), '--json', '--cwd', '--quiet', '--yes', '--log-level']
  const wrong = /unknown option '([^']+)'/.exec(error.message)?.[1] ?? args.find((arg) => error.message.includes(arg))
  return (wrong && error.code === 'commander.unknownOption' && didYouMean(wrong, known)) || `assetloom ${name} --help shows what it takes.`
}

function commandOf(row: OperationRow, operation: Operation, flags: Flag[]): Command {
  const command = new Command(`assetloom ${row.name}`).description(row.summary).exitOverride().configureOutput({ writeErr() {}, writeOut() {} })
  for (const member of operation.positional ?? []) {
    const flag = flags.find((one) => one.member === member)!
    const label = flag.type === 'list' ? `${member}...` : member
    command.argument(flag.isRequired ? `<${label}>` : `[${label}]`, flag.description)
    // What may be left out as an argument may also be given by its name: add-tags REF --tags a,b.
    if (!flag.isRequired) command.addOption(optionOf(flag).hideHelp())
  }
  for (const flag of flags.filter((one) => !one.isPositional)) command.addOption(optionOf(flag))
  command
    .addOption(new Option('--json', 'One JSON document on stdout, for errors too.'))
    .addOption(new Option('--cwd <folder>', 'The project. Default: the folder you are in.'))
    .addOption(new Option('--quiet', 'No progress and no log.'))
    .addOption(new Option('-y, --yes', 'Answer yes to every question.'))
    .addOption(new Option('--log-level <level>', 'How much is told.').choices(['debug', 'info', 'warn', 'error', 'silent']))
  return command
}

function optionOf(flag: Flag): Option {
  // --no-x turns off what is on by default.
  const isOnByDefault = flag.type === 'boolean' && flag.default === true
  const spelled = flag.type === 'boolean' ? (isOnByDefault ? `${flag.flag}, --no-${flag.flag.slice(2)}` : flag.flag) : `${flag.flag} <${flag.type === 'pairs' ? 'name=value' : flag.type === 'number' ? 'number' : 'text'}>`
  const option = isOnByDefault ? new Option(`--no-${flag.flag.slice(2)}`, `Not: ${flag.description}`) : new Option(spelled, flag.description)
  if (flag.choices) option.choices(flag.choices)
  if (flag.type === 'number') option.argParser((text: string) => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text))
  if (flag.type === 'list') option.argParser((text: string, before: string[] | undefined) => [...(before ?? []), ...splitList(text)])
  if (flag.type === 'pairs') option.argParser((text: string, before: Record<string, string> | undefined) => ({ ...before, ...pair(text) }))
  return option
}

/** `a, b` → [a, b]; a backslash keeps a comma. */
function splitList(text: string): string[] {
  return text.split(/(?<!\\),/).map((item) => item.trim().replaceAll('\\,', ',')).filter((item) => item !== '')
}

function pair(text: string): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw usage({ message: `"${text}" is not name=value.` })
  return { [text.slice(0, at)]: text.slice(at + 1) }
}

function collect(command: Command, operation: Operation, flags: Flag[]): { input: Record<string, unknown>; common: CommonFlags } {
  const given = command.opts<Record<string, unknown>>()
  const input: Record<string, unknown> = {}
  for (const flag of flags) {
    const key = flag.flag.slice(2).replace(/-([a-z])/g, (_, c: string) => c.toUpperCase())
    if (given[key] !== undefined) input[flag.member] = given[key]
  }
  for (const [i, member] of (operation.positional ?? []).entries()) {
    const argument: unknown = command.processedArgs[i]
    const named = input[member]
    if (Array.isArray(argument) && Array.isArray(named)) input[member] = [...(argument as unknown[]), ...(named as unknown[])]
    else if (argument !== undefined && !(Array.isArray(argument) && argument.length === 0)) input[member] = argument
  }
  return {
    input,
    common: {
      json: given.json === true,
      quiet: given.quiet === true,
      yes: given.yes === true,
      cwd: given.cwd as string | undefined,
      logLevel: given.logLevel as string | undefined,
    },
  }
}

/**
 * Check an input against its operation's schema.
 * @throws USAGE
 */
export function checkInput(operation: Operation, name: string, input: Record<string, unknown>): Record<string, unknown> {
  const parsed = operation.input.safeParse(input)
  if (parsed.success) return parsed.data
  const flags = flagsOf(operation)
  const problems = parsed.error.issues.map((issue) => {
    const flag = flags.find((one) => one.member === issue.path[0])
    return `${flag ? (flag.isPositional ? flag.member : flag.flag) : issue.path.join('.') || 'the input'}: ${issue.message}`
  })
  throw usage({ message: problems.join('; '), hint: `assetloom ${name} --help shows what it takes.` })
}


