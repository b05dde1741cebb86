import { CommanderError, type Command } from 'commander'
import { describeIssues } from '../core/check-document.ts'
import { didYouMean } from '../core/near.ts'
import type { CommandShape } from '../operations/operation.ts'
import { commands, type CommandRow } from './commands.ts'
import { commandOf, negated, saysBoth, usage } from './command-definition.ts'
import { flagsOf, spellingsOf, type Flag } from './flags.ts'

/** Flags that every command has. */
export interface CommonFlags {
  json: boolean
  quiet: boolean
  yes: boolean
  cwd: string | undefined
  logLevel: string | undefined
}

export interface ParsedCommand {
  row: CommandRow
  command: Awaited<ReturnType<CommandRow['load']>>
  input: Record<string, unknown>
  common: CommonFlags
}

const commonSwitches = ['--json', '--quiet', '--yes', '-y', '--help', '-h']
const commonValues = ['--cwd', '--log-level']

/**
 * Read the arguments of one command.
 * @throws USAGE
 */
export async function parseArguments(args: readonly string[]): Promise<ParsedCommand | { help: string }> {
  const at = commandPlace(args)
  const name = args[at]
  if (name === undefined) throw usage({ message: 'No command was given.' })
  if (name === 'help') {
    const topic = args.toSpliced(at, 1)
    if (topic.some((arg) => !arg.startsWith('-'))) return parseArguments([...topic, '--help'])
  }
  // --json may stand anywhere, so between the words too.
  const second = args.findIndex((arg, i) => i > at && !commonSwitches.includes(arg))
  const { row, words } = requireCommand(name, args[second])
  const own = args.filter((_, i) => i !== at && (words === 1 || i !== second))
  const command = await row.load()
  const flags = flagsOf(command)
  const program = commandOf(row, command, flags)
  const rest = settleSwitches(gatherExtraFlags(own, command, flags), flags)
  requireValues(rest, flags, row.name)
  if (optionsIn(rest).some((arg) => arg === '--help' || arg === '-h'))
    return { help: `${program.helpInformation()}\nExample: ${command.example}\n` }
  try {
    program.parse(rest, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    throw usage({
      message: sentence(error.message.replace(/^error: /, '').replace(/\n\(?Did you mean[^)]*\)?/, '')),
      hint: hintFor(error, rest, flags, row.name),
    })
  }
  return { row, command, ...collect(program, command, flags) }
}

/**
 * The command of the first word, or of the first two where there is one: `version create`.
 * @throws USAGE
 */
function requireCommand(first: string, second: string | undefined): { row: CommandRow; words: number } {
  const rowOf = (name: string) => commands.find((one) => one.name === name)
  const pair = second === undefined ? undefined : rowOf(`${first} ${second}`)
  if (pair) return { row: pair, words: 2 }
  const row = rowOf(first)
  if (row) return { row, words: 1 }
  const family = commands.filter((one) => one.name.startsWith(`${first} `)).map((one) => one.name)
  if (family.length === 0)
    throw usage({
      message: `There is no command "${first}".`,
      hint: didYouMean(
        first,
        commands.map((one) => one.name),
      ),
    })
  const isWord = second !== undefined && !second.startsWith('-')
  throw usage({
    message: isWord ? `There is no command "${first} ${second}".` : `"${first}" needs a second word.`,
    hint: (isWord && didYouMean(`${first} ${second}`, family)) || `Commands of that name: ${family.join(', ')}.`,
  })
}

/** Where the command stands: the first word that is no flag and no value of a flag. @throws USAGE */
function commandPlace(args: readonly string[]): number {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (arg === '--') return i + 1
    if (!arg.startsWith('-')) return i
    if (commonValues.includes(arg)) {
      if (args[i + 1] === undefined) throw usage({ message: `${arg} needs a value.` })
      i++
    } else if (!commonSwitches.includes(arg) && !commonValues.some((flag) => arg.startsWith(`${flag}=`))) {
      const [flag] = arg.split('=') as [string]
      throw usage({
        message: `There is no option ${flag} before a command.`,
        hint:
          didYouMean(flag, [...commonSwitches, ...commonValues, '--version']) ??
          'The command comes first, then its options. assetloom --help lists the commands.',
      })
    }
  }
  return args.length
}

/** What stands before `--`; behind it nothing is a flag. */
export function optionsIn(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--')
  return end < 0 ? args : args.slice(0, end)
}

/** The spellings of the flags that take a value. */
function valueFlags(flags: readonly Flag[]): Set<string> {
  return new Set([...commonValues, ...flags.filter((flag) => flag.type !== 'boolean').flatMap(spellingsOf)])
}

/**
 * A flag takes the next word whatever it begins with, so that "-5 dB" is a value; but the name of another flag is none.
 * @throws USAGE
 */
function requireValues(args: readonly string[], flags: readonly Flag[], name: string): void {
  const known = new Set([...commonSwitches, ...commonValues, ...flags.flatMap((flag) => [...spellingsOf(flag), negated(flag)])])
  const takesValue = valueFlags(flags)
  const options = optionsIn(args)
  for (let i = 0; i < options.length; i++) {
    const flag = options[i]!
    if (!takesValue.has(flag)) continue
    const value = args[++i]
    if (value === undefined)
      throw usage({ message: `${flag} needs a value.`, hint: `assetloom ${name} --help shows what it takes.` })
    if (value === '--' || known.has(value.split('=')[0]!))
      throw usage({
        message: `${flag} needs a value, and ${value} follows it.`,
        hint: `If that is the value, write ${flag}=${value}.`,
      })
  }
}


/** Flags that the command does not know, as `--param name=value`, for those that take them. */
function gatherExtraFlags(args: readonly string[], { extraFlags }: CommandShape, flags: readonly Flag[]): string[] {
  const flagOf = (member: string) => flags.find((flag) => flag.member === member)!.flag
  const options = optionsIn(args)
  const isGiven = (flag: string) => options.some((arg) => arg === flag || arg.startsWith(`${flag}=`))
  if (!extraFlags || (extraFlags.with && !isGiven(flagOf(extraFlags.with)))) return [...args]
  const known = new Set([...commonSwitches, ...commonValues, ...flags.flatMap((flag) => [...spellingsOf(flag), negated(flag)])])
  const takesValue = valueFlags(flags)
  const gathered: string[] = []
  for (let i = 0; i < options.length; i++) {
    const arg = options[i]!
    const [flag, ...value] = arg.split('=') as [string, ...string[]]
    if (!/^--[A-Za-z]/.test(arg) || known.has(flag)) {
      gathered.push(arg)
      // The value of a known flag is no flag, whatever it looks like.
      if (takesValue.has(arg) && options[i + 1] !== undefined) gathered.push(options[++i]!)
    } else if (value.length > 0) gathered.push(flagOf(extraFlags.into), arg.slice(2))
    else if (options[i + 1] !== undefined && !options[i + 1]!.startsWith('--'))
      gathered.push(flagOf(extraFlags.into), `${arg.slice(2)}=${options[++i]}`)
    else gathered.push(flagOf(extraFlags.into), `${arg.slice(2)}=true`)
  }
  return [...gathered, ...args.slice(options.length)]
}

/** `--flag` as `--flag=true`, where the flag may also say `=false`: it never takes the next word. */
function settleSwitches(args: readonly string[], flags: readonly Flag[]): string[] {
  const switches = new Set(flags.filter(saysBoth).map(({ flag }) => flag))
  const options = optionsIn(args)
  return args.map((arg, i) => (i < options.length && switches.has(arg) ? `${arg}=true` : arg))
}

function hintFor(error: CommanderError, args: readonly string[], flags: readonly Flag[], name: string): string {
  const known = [
    ...flags.filter((flag) => !flag.isPositional || !flag.isRequired).map((flag) => flag.flag),
    '--json',
    '--cwd',
    '--quiet',
    '--yes',
    '--log-level',
    '--help',
  ]
  const help = `assetloom ${name} --help shows what it takes.`
  if (error.code === 'commander.unknownOption') {
    const wrong = /unknown option '([^'=]+)/.exec(error.message)?.[1]
    const dashed = args.find((arg) => arg === wrong && /^-[^-]/.test(arg))
    return (
      (wrong && didYouMean(wrong, known)) ||
      (dashed ? `A value that begins with a dash stands behind --: assetloom ${name} -- ${dashed}` : help)
    )
  }
  const missing = /missing required argument '(.*)'/.exec(error.message)?.[1]
  const wanted = flags.find(({ member, flag, isPositional }) => isPositional && (member === missing || flag === `--${missing}`))
  if (wanted) return `${wanted.description} ${help}`
  const choice = /argument '(.*)' is invalid\. Allowed choices are (.*)\.$/.exec(error.message)
  return (choice && didYouMean(choice[1]!, choice[2]!.split(', '))) || help
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
}

function collect(
  program: Command,
  { positional = [] }: CommandShape,
  flags: Flag[],
): { input: Record<string, unknown>; common: CommonFlags } {
  const given = program.opts<Record<string, unknown>>()
  const input: Record<string, unknown> = {}
  for (const flag of flags) {
    const key = flag.flag.slice(2).replace(/-([a-z])/g, (_, c: string) => c.toUpperCase())
    if (given[key] !== undefined) input[flag.member] = given[key]
  }
  for (const [i, member] of positional.entries()) {
    const argument: unknown = program.processedArgs[i]
    const named = input[member]
    if (Array.isArray(argument) && Array.isArray(named))
      input[member] = [...(argument as unknown[]), ...(named as unknown[])]
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
 * Check an input against the schema of its command.
 * @throws USAGE
 */
export function checkInput(
  command: CommandShape,
  name: string,
  input: Record<string, unknown>,
): Record<string, unknown> {
  const parsed = command.input.safeParse(input)
  if (parsed.success) return parsed.data
  const flags = flagsOf(command)
  const problems = describeIssues(parsed.error.issues, command.input, input)
  const texts = problems.map(({ path, message, allowed }) => {
    const flag = flags.find((one) => one.member === path[0])
    const what = flag ? (flag.isPositional ? flag.member : flag.flag) : path.map(String).join('.') || 'the input'
    return `${what}: ${message}${allowed?.length ? `; allowed: ${allowed.join(', ')}` : ''}`
  })
  throw usage({
    message: `${texts.join('; ')}.`,
    hint: problems.find((one) => one.hint)?.hint ?? `assetloom ${name} --help shows what it takes.`,
  })
}
