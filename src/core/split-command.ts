import { defineError } from './errors.ts'

const commandRefused = defineError('COMMAND_REFUSED', {
  summary: 'A command of a library item is more than a program with arguments; no shell is ever given one.',
  message: (d: { command: string; why: string }) => `${JSON.stringify(d.command)} is not run: ${d.why}.`,
  hint: () => 'Put it into a script of package.json and name that: npm run deploy.',
  exit: 2,
})

/**
 * A command as a program and its arguments, split at spaces. Quotes, variables, pipes and everything else that only a
 * shell understands are refused.
 * @throws COMMAND_REFUSED
 */
export function splitCommand(command: string): [program: string, ...args: string[]] {
  const [strange] = /[^\w@%+=:,./ -]/.exec(command) ?? []
  if (strange !== undefined) throw commandRefused({ command, why: `it holds ${JSON.stringify(strange)}, which only a shell would understand` })
  const [program, ...args] = command.trim().split(/ +/)
  if (!program) throw commandRefused({ command, why: 'it is empty' })
  if (/^\w+=/.test(program)) throw commandRefused({ command, why: 'it begins with a variable' })
  if (program.startsWith('-')) throw commandRefused({ command, why: 'it begins with an option' })
  return [program, ...args]
}
