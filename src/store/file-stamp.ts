import { statSync, type Stats } from 'node:fs'

/* Whether a file is as it was when it was last looked at, by its times and size. */

/** A file changed within this time before it was looked at may change again without a trace in its times. */
export const racyWindowMs = 100

/** Changes with every change of a file that its times or size show. */
export const stampOf = (stat: Stats) => `${stat.mtimeMs}:${stat.ctimeMs}:${stat.size}:${stat.ino}`

/** A look at that time tells of the file for as long as its stamp stands. */
export const isSettled = (stat: Stats, checkedAtMs: number) => stat.mtimeMs <= checkedAtMs - racyWindowMs

export function statOrUndefined(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false })
}
