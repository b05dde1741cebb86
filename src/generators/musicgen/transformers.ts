import { createRequire } from 'node:module'

/* The part of the optional package `@huggingface/transformers` that is used. */

export interface Tokenizer {
  (text: string): object | Promise<object>
}

export interface MusicModel {
  config: { audio_encoder: { sampling_rate: number } }
  /** Samples of a batch of one: `[1, channels, frames]`, channel after channel. */
  generate(input: Record<string, unknown>): Promise<{ data: Float32Array; dims: readonly number[] }>
}

export interface Transformers {
  AutoTokenizer: { from_pretrained(model: string): Promise<Tokenizer> }
  MusicgenForConditionalGeneration: { from_pretrained(model: string, options: object): Promise<MusicModel> }
  /** Ends a generation at its next step. */
  InterruptableStoppingCriteria: new () => { interrupt(): void }
}

/** Where the package is had from. */
export interface TransformersSource {
  isInstalled(): boolean
  load(): Promise<Transformers>
}

const packageName = '@huggingface/transformers'

export const installCommand = `npm install ${packageName}`

/** The package beside Assetloom, where a project has installed it. */
export const installedTransformers: TransformersSource = {
  isInstalled() {
    try {
      createRequire(import.meta.url).resolve(packageName)
      return true
    } catch {
      return false
    }
  },
  // The name is no literal, so that no bundler and no type check asks for a package that need not be there.
  load: async () => (await import(/* @vite-ignore */ packageName)) as Transformers,
}
