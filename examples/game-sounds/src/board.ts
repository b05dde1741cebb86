type JumpName = `sfxJump${1 | 2 | 3}${'A' | 'B' | 'C' | 'D'}`
type Jumps = Readonly<Record<JumpName, { readonly token: string; readonly alt: string; readonly durationMs: number }>>

const types = ['Dust cloud', 'Energy burst', 'Mega explosion'] as const
const variants = ['soft', 'crisp', 'heavy', 'bright'] as const

/**
 * Twelve buttons, in rows by type.
 * @returns which jump was pressed last, by token
 */
export function showBoard(jumps: Jumps, play: (token: string) => void): () => string {
  let chosen: string = jumps.sfxJump1A.token
  const board = document.querySelector('#board')!
  types.forEach((type, row) => {
    const title = Object.assign(document.createElement('h3'), { textContent: type })
    const buttons = variants.map((variant, column) => {
      const name = `sfxJump${row + 1}${'ABCD'[column]}` as JumpName
      const { token, durationMs } = jumps[name]
      const button = Object.assign(document.createElement('button'), { type: 'button', title: token })
      button.ariaPressed = String(token === chosen)
      button.append(Object.assign(document.createElement('span'), { textContent: variant }), Object.assign(document.createElement('small'), { textContent: `${name} · ${(durationMs / 1000).toFixed(2)} s` }))
      button.addEventListener('click', () => {
        chosen = token
        for (const other of board.querySelectorAll('button')) other.ariaPressed = String(other === button)
        play(token)
      })
      return button
    })
    board.append(title, ...buttons)
  })
  return () => chosen
}
