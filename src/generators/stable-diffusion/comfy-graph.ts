import type { PictureCall } from './flavor.ts'
import { usualCfgScale, usualSteps } from './flavor.ts'

/** Names under which the server keeps what was sent up. */
export interface Uploaded {
  image: string
  mask?: string
}

type Link = readonly [node: string, output: number]
type Graph = Record<string, { class_type: string; inputs: Record<string, string | number | Link> }>

/** The node whose files are the result. */
export const savingNode = '9'

/**
 * The nodes that make one picture, numbered as in the server's own starting graph.
 * @param run - makes the saving node different from that of any other run: the server keeps what nodes gave before, and
 * would name the file of an earlier run, which may be gone
 */
export function comfyGraph(call: PictureCall, run: string, uploaded: Uploaded | undefined): Graph {
  const text = (words: string) => ({ class_type: 'CLIPTextEncode', inputs: { text: words, clip: ['4', 1] as Link } })
  return {
    '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: call.model! } },
    '6': text(call.prompt),
    '7': text(call.negative),
    ...latentNodes(call, uploaded),
    '3': {
      class_type: 'KSampler',
      inputs: {
        seed: call.seed,
        steps: call.steps ?? usualSteps,
        cfg: call.cfgScale ?? usualCfgScale,
        sampler_name: call.sampler ?? 'euler',
        scheduler: call.scheduler ?? 'normal',
        denoise: call.source?.strength ?? 1,
        model: ['4', 0],
        positive: ['6', 0],
        negative: ['7', 0],
        latent_image: [uploaded?.mask === undefined ? '5' : '12', 0],
      },
    },
    '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
    [savingNode]: { class_type: 'SaveImage', inputs: { filename_prefix: `assetloom-${run}`, images: ['8', 0] } },
  }
}

/** What the sampler begins with: nothing, or a picture, or the part of it that a mask leaves free. */
function latentNodes({ widthPx, heightPx }: PictureCall, uploaded: Uploaded | undefined): Graph {
  if (!uploaded)
    return {
      '5': { class_type: 'EmptyLatentImage', inputs: { width: widthPx, height: heightPx, batch_size: 1 } },
    }
  const { image, mask } = uploaded
  return {
    '10': { class_type: 'LoadImage', inputs: { image } },
    '5': { class_type: 'VAEEncode', inputs: { pixels: ['10', 0], vae: ['4', 2] } },
    ...(mask !== undefined && {
      '11': { class_type: 'LoadImageMask', inputs: { image: mask, channel: 'red' } },
      '12': { class_type: 'SetLatentNoiseMask', inputs: { samples: ['5', 0], mask: ['11', 0] } },
    }),
  }
}
