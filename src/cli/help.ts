import { commands } from './commands.ts'
import { version } from './version.ts'

/** The first page of --help; made from the table, so that no command is loaded for it. */
export function overview(): string {
  const groups = [...new Set(commands.map((row) => row.group))]
  const width = Math.max(...commands.map((row) => row.name.length)) + 2
  return [
    `assetloom ${version}: import assets by token.`,
    '',
    'Usage: assetloom <command> [options]      (asset is short for assetloom)',
    ...groups.flatMap((group) => [
      '',
      group,
      ...commands.filter((row) => row.group === group).map((row) => `  ${row.name.padEnd(width)}${row.summary}`),
    ]),
    `  ${'complete'.padEnd(width)}Print what makes a shell complete commands, flags and refs.`,
    '',
    'Options of every command',
    '  --json           One JSON document on stdout, for errors too.',
    '  --cwd <folder>   The project. Default: the folder you are in.',
    '  --quiet          No progress and no log.',
    '  --yes            Answer yes to every question.',
    '  --log-level <l>  debug, info, warn, error or silent.',
    '  --help           Options and an example of a command.',
    '',
    'Example: assetloom import brand/avatar.png --category Logos --family ACME --new-family "Acme"',
  ].join('\n')
}
