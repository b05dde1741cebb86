import bumped from 'asset:bumped'
import cat from 'asset:cat'
import dust from 'asset:dust'
import field from 'asset:field?w=1280&format=webp'
import gem from 'asset:gem'
import jumps from 'asset:SFX-HOP-JUMP*'
import slime from 'asset:slime'
import taken from 'asset:taken'
import { preloadAssets } from 'assetloom/runtime'
import { ASSETS } from './assets.gen.ts'
import { showBoard } from './board.ts'
import { startGame } from './game.ts'

const pictures = { cat, slime, gem, dust, field }
const button = document.querySelector<HTMLButtonElement>('#start')!
const context = new AudioContext()
const loaded = await preloadAssets<string>({ ...jumps, bumped, taken, ...pictures }, (part) => {
  button.textContent = part < 1 ? `Loading ${Math.round(part * 100)} %` : 'Play'
})

const buffers = new Map<string, AudioBuffer>()
for (const name of [...Object.keys(jumps), 'bumped', 'taken']) buffers.set(name, await context.decodeAudioData(loaded[name] as ArrayBuffer))

function play(name: string): void {
  void context.resume()
  const source = new AudioBufferSourceNode(context, { buffer: buffers.get(name)! })
  source.connect(context.destination)
  source.start()
}

// The section that the spec names: manifest_section: audio.sfx.jump
const jump = showBoard(ASSETS.audio.sfx.jump, play)
startGame({
  picture: (name) => loaded[name] as HTMLImageElement,
  onJump: () => play(jump()),
  onGem: () => play('taken'),
  onBump: () => play('bumped'),
})
document.documentElement.dataset.sounds = String(buffers.size)
