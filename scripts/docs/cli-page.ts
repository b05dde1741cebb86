import { saysBoth } from '../../src/cli/command-definition.ts'
import { flagsOf, spellingsOf, type Flag } from '../../src/cli/flags.ts'
import { completeHelp, completeSummary } from '../../src/cli/complete.ts'
import { commands, type CommandRow } from '../../src/cli/commands.ts'
import { code, page, table } from './markdown.ts'

export async function cliPage(): Promise<string> {
  const sections = await Promise.all(commands.map(section))
  return page(
    'Commands',
    `Every command takes \`--json\` (one document on stdout, for errors too), \`--cwd <folder>\`, \`--quiet\`, \`--yes\`,
\`--log-level <level>\` and \`--help\`. \`asset\` is short for \`assetloom\`. Exit codes: 0 ok, 1 failed, 2 usage, 3 budget,
4 frozen or stale, 5 conflict.`,
    ...sections,
    `## complete\n\n${completeSummary}\n\n\`\`\`\n${completeHelp.split('\n\n').slice(2).join('\n\n').trimEnd()}\n\`\`\`\n`,
  )
}

async function section(row: CommandRow): Promise<string> {
  const command = await row.load()
  const flags = flagsOf(command)
  const places = flags.filter((flag) => flag.isPositional).map((flag) => placeOf(flag, flag.isRequired))
  const usage = ['assetloom', row.name, ...places, ...(flags.length > places.length ? ['[options]'] : [])].join(' ')
  const rows = flags.map((flag) => [code(spellingOf(flag)), flag.type === 'boolean' ? '' : (flag.choices?.map(code).join(' ') ?? (flag.isPositional && flag.type === 'list' ? 'several' : typeNames[flag.type])), descriptionOf(flag)])
  return `## ${row.name}\n\n${row.summary}\n\n\`\`\`sh\n${usage}\n${command.example}\n\`\`\`\n${rows.length ? `\n${table(['', 'takes', ''], rows)}` : ''}`
}

const typeNames: Readonly<Record<Flag['type'], string>> = { string: 'text', texts: 'text, may stand several times', number: 'number', boolean: '', list: 'several, with commas', pairs: 'name=value' }

const placeOf = (flag: Flag, isRequired: boolean) => (isRequired ? `<${flag.member}>` : `[${flag.member}]`) + (flag.type === 'list' ? '…' : '')

const isTurnedOff = (flag: Flag) => !flag.isPositional && flag.type === 'boolean' && flag.default === true

const descriptionOf = (flag: Flag) => (isTurnedOff(flag) ? `Turns this off: ${flag.description}` : flag.description)

function spellingOf(flag: Flag): string {
  if (flag.isPositional) return flag.member
  if (isTurnedOff(flag)) return `--no-${flag.flag.slice(2)}`
  return spellingsOf(flag).join(', ') + (saysBoth(flag) ? '[=bool]' : '')
}
