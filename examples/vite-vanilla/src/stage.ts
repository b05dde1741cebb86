import ridge from 'asset:hero?w=1400&h=700&position=bottom&format=webp'
import { preloadAssets } from 'assetloom/runtime'
import { el, shortName, type Shown } from './figure.ts'

interface Particle {
  x: number
  y: number
  /** Units per second. */
  vx: number
  vy: number
  /** Seconds. */
  age: number
  life: number
  size: number
  turn: number
}

/** How each picture moves when it is thrown. */
const ways: Record<string, { every: number; life: number; size: [number, number]; speed: number; rise: number; isLight: boolean; grows: number }> = {
  glow: { every: 0.09, life: 5, size: [14, 46], speed: 14, rise: -9, isLight: true, grows: 1 },
  spark: { every: 0.12, life: 1.6, size: [12, 44], speed: 36, rise: 22, isLight: true, grows: 0.5 },
  ring: { every: 0.5, life: 2.2, size: [20, 36], speed: 3, rise: 0, isLight: true, grows: 5 },
  smoke: { every: 0.13, life: 4.5, size: [50, 110], speed: 12, rise: -14, isLight: false, grows: 2.2 },
  bubble: { every: 0.16, life: 5, size: [14, 50], speed: 16, rise: -34, isLight: false, grows: 1.1 },
}

const width = 1120
const height = 460
const ground = height - 34

/** Creatures on a ridge, particles over them. Runs only while it can be seen, and stands still where motion is unwanted. */
export function startStage(creatures: readonly Shown[], particles: readonly Shown[]): void {
  const canvas = document.querySelector<HTMLCanvasElement>('#stage')!
  const paint = canvas.getContext('2d')!
  const isStill = matchMedia('(prefers-reduced-motion: reduce)')
  let kind = 'glow'
  let flying: Particle[] = []
  let wait = 0
  let last = 0
  let isVisible = false

  document.querySelector('#kinds')!.append(
    ...particles.map((particle) => {
      const name = shortName(particle)
      const input = el('input', { type: 'radio', name: 'particle', value: name, checked: name === kind })
      input.addEventListener('change', () => {
        kind = name
        flying = []
        for (let i = 0; i < 12; i++) throwOne(Math.random() * width, height * (0.25 + Math.random() * 0.6))
      })
      return el('label', {}, input, el('span', {}, name))
    }),
  )

  const images = Object.fromEntries([...creatures, ...particles].map((asset) => [asset.token, asset]))
  void preloadAssets<string>({ ...images, ridge }).then((loaded) => {
    const picture = (name: string) => loaded[name] as HTMLImageElement
    const pictureOf = new Map(particles.map((particle) => [shortName(particle), particle.token]))
    for (let i = 0; i < 26; i++) throwOne(Math.random() * width, height * (0.3 + Math.random() * 0.6), Math.random())
    canvas.addEventListener('pointerdown', (event) => burst(event))
    canvas.addEventListener('pointermove', (event) => event.buttons > 0 && burst(event, 2))
    new ResizeObserver(fit).observe(canvas)
    new IntersectionObserver(([entry]) => {
      isVisible = entry!.isIntersecting
      last = performance.now()
      if (isVisible) requestAnimationFrame(frame)
    }).observe(canvas)
    fit()

    function fit(): void {
      const scale = Math.min(devicePixelRatio, 2)
      canvas.width = Math.round(canvas.clientWidth * scale)
      canvas.height = Math.round(canvas.clientHeight * scale)
      draw(0)
    }

    function frame(now: number): void {
      if (!isVisible) return
      if (!isStill.matches) {
        step(Math.min(0.05, (now - last) / 1000))
        last = now
      }
      draw(isStill.matches ? 0 : now / 1000)
      if (!isStill.matches || flying.length > 0) requestAnimationFrame(frame)
    }

    function draw(seconds: number): void {
      // The whole height always shows; a narrow screen sees the middle.
      const scale = canvas.height / height
      const left = (canvas.width / scale - width) / 2
      paint.setTransform(scale, 0, 0, scale, left * scale, 0)
      paint.globalAlpha = 1
      paint.globalCompositeOperation = 'source-over'
      paint.imageSmoothingEnabled = true
      const backdrop = picture('ridge')
      const shownWidth = Math.max(width, canvas.width / scale)
      const shownHeight = (backdrop.naturalHeight / backdrop.naturalWidth) * shownWidth
      paint.drawImage(backdrop, (width - shownWidth) / 2, height - shownHeight, shownWidth, shownHeight)

      paint.imageSmoothingEnabled = false
      const narrow = Math.min(1, canvas.width / scale / 820)
      creatures.forEach((creature, i) => {
        const size = 96 * (0.62 + 0.38 * narrow)
        const hop = Math.max(0, Math.sin(seconds * 2.2 + i * 1.7)) ** 3
        const x = width / 2 + (i - (creatures.length - 1) / 2) * 158 * narrow
        paint.globalAlpha = 0.35 - 0.2 * hop
        paint.fillStyle = '#05040f'
        paint.beginPath()
        paint.ellipse(x, ground, size * 0.4 * (1 - 0.3 * hop), size * 0.06, 0, 0, 7)
        paint.fill()
        paint.globalAlpha = 1
        paint.drawImage(picture(creature.token), Math.round(x - size / 2), Math.round(ground - size + 4 - hop * 34), Math.round(size), Math.round(size))
      })

      paint.imageSmoothingEnabled = true
      const way = ways[kind]!
      const image = picture(pictureOf.get(kind)!)
      paint.globalCompositeOperation = way.isLight ? 'lighter' : 'source-over'
      for (const { x, y, age, life, size, turn } of flying) {
        const t = age / life
        const side = size * (1 + (way.grows - 1) * t)
        paint.globalAlpha = Math.min(1, t * 6) * (1 - t) * (way.isLight ? 0.95 : 0.7)
        paint.save()
        paint.translate(x, y)
        paint.rotate(turn * (0.4 + t))
        paint.drawImage(image, -side / 2, -side / 2, side, side)
        paint.restore()
      }
    }
  })

  function throwOne(x: number, y: number, part = 0): void {
    const way = ways[kind]!
    const angle = Math.random() * Math.PI * 2
    const speed = way.speed * (0.4 + Math.random())
    const size = way.size[0] + Math.random() ** 2 * (way.size[1] - way.size[0])
    flying.push({ x, y, vx: Math.cos(angle) * speed, vy: Math.sin(angle) * speed, age: part * way.life, life: way.life * (0.6 + Math.random() * 0.6), size, turn: Math.random() - 0.5 })
  }

  function burst(event: PointerEvent, count = 14): void {
    const box = canvas.getBoundingClientRect()
    const scale = height / box.height
    const x = width / 2 + (event.clientX - box.left - box.width / 2) * scale
    const y = (event.clientY - box.top) * scale
    for (let i = 0; i < count; i++) throwOne(x + (Math.random() - 0.5) * 40, y + (Math.random() - 0.5) * 40)
  }

  function step(seconds: number): void {
    const way = ways[kind]!
    wait -= seconds
    if (wait <= 0) {
      wait = way.every
      throwOne(Math.random() * width, height * (0.35 + Math.random() * 0.55))
    }
    for (const one of flying) {
      one.age += seconds
      one.vy += way.rise * seconds
      one.x += one.vx * seconds + Math.sin(one.age * 1.6 + one.turn * 9) * 9 * seconds
      one.y += one.vy * seconds
    }
    flying = flying.filter(({ age, life }) => age < life).slice(-240)
  }
}
