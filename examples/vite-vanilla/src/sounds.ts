import { preloadAssets } from 'assetloom/runtime'
import { el, factsOf, importLine, shortName, type Shown } from './figure.ts'

interface ShownSound extends Omit<Shown, 'meta'> {
  meta: Shown['meta'] & { durationMs?: number | undefined; sampleRateHz?: number; channels?: number }
  isLoop?: boolean
}

const bars = 96

/** Every sound with a button and its waveform; decoded once, played as often as one likes. */
export function showSounds(sounds: readonly ShownSound[]): void {
  const context = new AudioContext()
  const rows = sounds.map((sound) => ({ sound, ...soundRow(sound) }))
  document.querySelector('#sounds')!.append(...rows.map(({ item }) => item))

  void preloadAssets(Object.fromEntries(sounds.map((sound) => [sound.token, sound]))).then(async (loaded) => {
    for (const { sound, button, wave, item } of rows) {
      const buffer = await context.decodeAudioData(loaded[sound.token] as ArrayBuffer)
      wave.innerHTML = wavePath(peaksOf(buffer))
      item.dataset.seconds = buffer.duration.toFixed(3)
      button.disabled = false
      attachPlayer(context, buffer, item, button, sound.isLoop ?? false)
    }
    document.documentElement.dataset.sounds = 'decoded'
  })
}

function soundRow(sound: ShownSound) {
  const name = shortName(sound)
  const button = el('button', { type: 'button', className: 'play', ariaLabel: `Play: ${name}`, disabled: true })
  button.innerHTML = '<svg viewBox="0 0 16 16" width="16" height="16" fill="currentColor" aria-hidden="true"><path class="start" d="M4.5 2.6v10.8L13.5 8z"/><path class="stop" d="M4 4h8v8H4z"/></svg>'
  const wave = el('div', { className: 'wave' })
  const { durationMs = 0, sampleRateHz = 0, channels = 1 } = sound.meta
  const facts = [`${(durationMs / 1000).toFixed(2)} s`, `${sampleRateHz / 1000} kHz`, channels > 1 ? 'stereo' : 'mono', factsOf(sound)].join(' · ')
  const item = el(
    'li',
    {},
    button,
    el('div', { className: 'about' }, el('p', { className: 'alt' }, sound.alt ?? name), el('p', { className: 'facts' }, facts)),
    wave,
    importLine(`import ${name.replace(/\s+(.)/g, (_, letter: string) => letter.toUpperCase()).replace(/^./, (letter) => letter.toLowerCase())} from "asset:${sound.token}"`),
  )
  return { item, button, wave }
}

function attachPlayer(context: AudioContext, buffer: AudioBuffer, item: HTMLElement, button: HTMLButtonElement, isLoop: boolean): void {
  let playing: AudioBufferSourceNode | undefined
  let startedAt = 0
  const stop = () => {
    playing?.stop()
    playing = undefined
    item.classList.remove('playing')
    item.style.setProperty('--at', '0')
  }
  const draw = () => {
    if (!playing) return
    const seconds = context.currentTime - startedAt
    item.style.setProperty('--at', String(((isLoop ? seconds % buffer.duration : Math.min(seconds, buffer.duration)) / buffer.duration) * 100))
    requestAnimationFrame(draw)
  }
  button.addEventListener('click', () => {
    if (playing && isLoop) return stop()
    stop()
    void context.resume()
    const source = new AudioBufferSourceNode(context, { buffer, loop: isLoop })
    source.connect(context.destination)
    source.addEventListener('ended', () => playing === source && stop())
    source.start()
    playing = source
    startedAt = context.currentTime
    item.classList.add('playing')
    draw()
  })
}

/** The loudest sample of each bar, 0…1. */
function peaksOf(buffer: AudioBuffer): number[] {
  const samples = buffer.getChannelData(0)
  const length = samples.length / bars
  const peaks = Array.from({ length: bars }, (_, bar) => {
    let peak = 0
    for (let i = Math.floor(bar * length); i < Math.floor((bar + 1) * length); i++) peak = Math.max(peak, Math.abs(samples[i]!))
    return peak
  })
  const loudest = Math.max(...peaks, 1e-6)
  return peaks.map((peak) => peak / loudest)
}

/** The same bars twice: at rest, and in colour as far as it is played. */
function wavePath(peaks: readonly number[]): string {
  const d = peaks.map((peak, i) => `M${i * 4 + 2} ${(24 - 22 * peak - 1).toFixed(1)}v${(44 * peak + 2).toFixed(1)}`).join('')
  const drawing = (name: string) => `<svg class="${name}" viewBox="0 0 ${bars * 4} 48" preserveAspectRatio="none" aria-hidden="true"><path d="${d}"/></svg>`
  return drawing('rest') + drawing('played')
}
