import { createSupportsTerminalGraphics } from 'supports-terminal-graphics'

/** Most base64 in one part of a picture. @see Kitty terminal graphics protocol, "Remote client" */
const kittyPart = 4096

/**
 * A PNG spelled so that the terminal of a stream shows it among text; undefined where it cannot.
 */
export function inlinePicture(png: Uint8Array, stream: { isTTY?: boolean }): string | undefined {
  const { kitty, iterm2 } = createSupportsTerminalGraphics(stream)
  const base64 = Buffer.from(png).toString('base64')
  if (kitty) return kittyPicture(base64)
  if (iterm2) return `\u001b]1337;File=inline=1;size=${png.length}:${base64}\u0007\n`
  return undefined
}

/** `q=2`: the terminal answers nothing, since nobody would read it. */
function kittyPicture(base64: string): string {
  const parts = base64.match(new RegExp(`.{1,${kittyPart}}`, 'g')) ?? []
  const sequences = parts.map((part, i) => {
    const keys = [...(i === 0 ? ['a=T', 'f=100', 'q=2'] : []), `m=${i < parts.length - 1 ? 1 : 0}`]
    return `\u001b_G${keys.join(',')};${part}\u001b\\`
  })
  return `${sequences.join('')}\n`
}
