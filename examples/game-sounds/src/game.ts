interface Game {
  picture(name: string): HTMLImageElement
  onJump(): void
  onGem(): void
  onBump(): void
}

interface Thing {
  kind: 'slime' | 'gem'
  x: number
  y: number
}

interface Puff {
  x: number
  y: number
  /** Seconds. */
  age: number
}

/** Units of the world; the canvas shows this height whatever its size. */
const height = 400
const ground = 352
const catX = 130
const gravity = 2100
const jumpSpeed = 860

/** Run the game on `#game`. The score stands in `#score`, the best of this tab in `#best`. */
export function startGame({ picture, onJump, onGem, onBump }: Game): void {
  const canvas = document.querySelector<HTMLCanvasElement>('#game')!
  const paint = canvas.getContext('2d')!
  const start = document.querySelector<HTMLButtonElement>('#start')!
  let isRunning = false
  let last = 0
  let best = 0
  let state = freshState()

  function freshState() {
    return { catY: 0, speedY: 0, jumps: 0, scroll: 0, gems: 0, untilNext: 0.7, things: [] as Thing[], puffs: [] as Puff[] }
  }

  const jump = () => {
    // Twice in the air at most.
    if (!isRunning || state.jumps >= 2) return
    state.jumps++
    state.speedY = jumpSpeed * (state.jumps === 1 ? 1 : 0.85)
    for (let i = 0; i < 5; i++) state.puffs.push({ x: catX + (i - 2) * 12, y: state.catY, age: Math.random() * 0.1 })
    onJump()
  }
  const begin = () => {
    state = freshState()
    isRunning = true
    start.hidden = true
    canvas.focus()
    last = performance.now()
    requestAnimationFrame(frame)
  }
  const end = () => {
    isRunning = false
    best = Math.max(best, state.gems)
    document.querySelector('#best')!.textContent = String(best)
    start.textContent = 'Play again'
    start.hidden = false
    onBump()
  }

  start.addEventListener('click', begin)
  canvas.addEventListener('pointerdown', jump)
  canvas.addEventListener('keydown', (event) => {
    if (event.code !== 'Space' && event.code !== 'ArrowUp') return
    event.preventDefault()
    if (!event.repeat) jump()
  })
  new ResizeObserver(() => {
    canvas.width = canvas.clientWidth * Math.min(devicePixelRatio, 2)
    canvas.height = canvas.clientHeight * Math.min(devicePixelRatio, 2)
    draw()
  }).observe(canvas)
  start.disabled = false

  function frame(now: number): void {
    if (!isRunning) return
    step(Math.min(0.034, (now - last) / 1000))
    last = now
    draw()
    requestAnimationFrame(frame)
  }

  function step(seconds: number): void {
    const speed = 290 + 45 * Math.floor(state.gems / 3)
    state.scroll += speed * seconds
    state.speedY -= gravity * seconds
    state.catY = Math.max(0, state.catY + state.speedY * seconds)
    if (state.catY === 0 && state.speedY < 0) [state.speedY, state.jumps] = [0, 0]
    for (const puff of state.puffs) puff.age += seconds
    state.puffs = state.puffs.filter(({ age }) => age < 0.6)

    state.untilNext -= seconds
    if (state.untilNext <= 0) {
      const isGem = Math.random() < 0.5
      state.things.push({ kind: isGem ? 'gem' : 'slime', x: canvas.width / scale() + 60, y: isGem ? 70 + Math.random() * 130 : 0 })
      state.untilNext = 0.75 + Math.random() * 0.7
    }
    for (const thing of state.things) thing.x -= speed * seconds
    for (const thing of state.things) {
      const near = Math.abs(thing.x - catX)
      if (thing.kind === 'gem' && near < 46 && Math.abs(thing.y - state.catY - 34) < 52) {
        thing.x = -1000
        state.gems++
        document.querySelector('#score')!.textContent = String(state.gems)
        onGem()
      } else if (thing.kind === 'slime' && near < 48 && state.catY < 42) return end()
    }
    state.things = state.things.filter(({ x }) => x > -80)
    if (state.gems === 0) document.querySelector('#score')!.textContent = '0'
  }

  function scale(): number {
    return canvas.height / height
  }

  function draw(): void {
    const factor = scale()
    const width = canvas.width / factor
    paint.setTransform(factor, 0, 0, factor, 0, 0)
    paint.imageSmoothingEnabled = true
    const field = picture('field')
    const side = (field.naturalWidth / field.naturalHeight) * height
    // Every second copy is mirrored, so that the edges meet.
    const offset = (state.scroll * 0.25) % (side * 2)
    for (let i = 0, x = -offset; x < width; i++, x += side) {
      paint.save()
      paint.translate(x + (i % 2 ? side : 0), 0)
      if (i % 2) paint.scale(-1, 1)
      paint.drawImage(field, 0, 0, side + 0.5, height)
      paint.restore()
    }
    for (const { x, y, age } of state.puffs) {
      const size = 26 + 60 * age
      paint.globalAlpha = 0.8 * (1 - age / 0.6)
      paint.drawImage(picture('dust'), x - size / 2 - 120 * age, ground - y - size / 2, size, size)
    }
    paint.globalAlpha = 1
    for (const { kind, x, y } of state.things) {
      const size = kind === 'gem' ? 44 : 68
      paint.imageSmoothingEnabled = kind === 'gem'
      paint.drawImage(picture(kind), x - size / 2, ground - y - size + 4, size, size)
    }
    paint.imageSmoothingEnabled = false
    paint.drawImage(picture('cat'), catX - 40, ground - state.catY - 76, 80, 80)
  }
}
