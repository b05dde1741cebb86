import { inputMembers, type InputMember } from '../operations/input-members.ts'
import type { CommandShape } from '../operations/operation.ts'

/** One member of a command's input as a flag or an argument. */
export interface Flag extends InputMember {
  /** `--usage-rights` */
  flag: string
  /** `-m` */
  short?: string
  isPositional: boolean
}

/** Members that have a short flag, whatever the command. */
const shortFlags: Readonly<Record<string, string>> = { message: '-m' }

/** How a flag may be spelled. */
export function spellingsOf({ flag, short }: Flag): string[] {
  return short === undefined ? [flag] : [flag, short]
}

/** The flags of a command. */
export function flagsOf(shape: CommandShape): Flag[] {
  return inputMembers(shape).map((one) => ({
    ...one,
    flag: `--${one.member.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`).replaceAll('_', '-')}`,
    ...(Object.hasOwn(shortFlags, one.member) && { short: shortFlags[one.member]! }),
    isPositional: shape.positional?.includes(one.member) ?? false,
  }))
}
