import type { OpenAI } from 'openai'
import type { Generation, GenerationContext, Provider } from '../../core/ports.ts'
import type { Job } from '../../core/job.ts'
import { failureOf, providerFailure } from '../../core/provider-failure.ts'
import { priceUnknown } from '../define-provider.ts'
import { createHttp } from '../http/create-http.ts'
import type { ProviderSettings } from '../providers.ts'
import { readAnswer, readStream, type Answer } from './answers.ts'
import { imageCall, maxReferences, pricedBy, type ImageCall } from './call.ts'
import { readFaultFor } from './failures.ts'
import { defaultModel } from './models.ts'
import { readEditPictures } from './pictures.ts'
import { costOfUsage, quoteMicroUsd } from './prices.ts'

const publicBaseURL = 'https://api.openai.com/v1'

/** Pictures by the Images API of OpenAI or a server that speaks it: from a prompt, or from references and a mask. */
export function createOpenaiProvider({ options, keys }: ProviderSettings): Provider {
  const baseURL = (options.baseURL as string | undefined) ?? publicBaseURL
  const apiKey = (options.apiKey as string | undefined) ?? keys.OPENAI_API_KEY

  const clientFor = async (model: string): Promise<OpenAI> => {
    const { OpenAI } = await import('openai')
    const http = createHttp({ provider: 'openai', readFault: readFaultFor(model) })
    return new OpenAI({
      apiKey: apiKey!,
      baseURL,
      fetch: http.fetch,
      // Only the engine knows what may be sent twice.
      maxRetries: 0,
      // Left out, the client would read them from the environment.
      organization: null,
      project: null,
      logLevel: 'off',
    })
  }

  return {
    id: 'openai',
    version: 1,
    capabilities: {
      types: ['image'],
      maxWidthPx: 3840,
      maxHeightPx: 3840,
      alpha: 'on-request',
      references: maxReferences + 1,
      variationsPerCall: 10,
    },
    free: false,
    concurrency: 4,
    defaultModel: () => defaultModel,
    isAvailable: () =>
      apiKey
        ? { available: true }
        : { available: false, reason: 'OPENAI_API_KEY is not set, and the options name no apiKey' },
    check: (job) => void imageCall(job),
    quote(job) {
      const priced = pricedBy(imageCall(job), job)
      const quoted = quoteMicroUsd(priced)
      const { model, size, quality, outputFormat } = priced
      if (quoted !== undefined) return quoted
      throw priceUnknown({ provider: 'openai', model, what: `${size} ${quality} ${outputFormat}` })
    },
    async generate(job, context) {
      const call = imageCall(job)
      const client = await clientFor(call.fields.model)
      const answer = await answerOf(client, call, job, context)
      return generationOf(answer, call, job)
    },
  }
}

async function answerOf(client: OpenAI, call: ImageCall, job: Job, context: GenerationContext): Promise<Answer> {
  const { signal, onProgress } = context
  const pictures = call.isEdit ? await readEditPictures(job.references) : undefined
  const body = { ...call.fields, ...(pictures && { ...pictures, image: oneOrMany(pictures.image) }) }
  try {
    const answered = pictures
      ? await client.images.edit(body as OpenAI.ImageEditParams, { signal })
      : await client.images.generate(body as OpenAI.ImageGenerateParams, { signal })
    if (!call.isStreamed) return await readAnswer(answered, signal)
    const partials = Number(call.fields.partial_images ?? 0)
    return await readStream(answered as AsyncIterable<unknown>, partials, onProgress)
  } catch (error) {
    throw unwrapped(error)
  }
}

/** The API takes one file as `image` and several as `image[]`; the client names them so by their shape. */
const oneOrMany = (files: File[]) => (files.length === 1 ? files[0]! : files)

/** The failure that our own `fetch` threw, out of the errors that the client wraps it in. */
function unwrapped(error: unknown): unknown {
  for (let one = error; one instanceof Error; one = one.cause as Error) if (failureOf(one)) return one
  if (error instanceof SyntaxError)
    return providerFailure({ kind: 'bad-output', provider: 'openai', message: 'the answer is no JSON' })
  return error
}

function generationOf({ outputs, usage, revisedPrompt }: Answer, call: ImageCall, job: Job): Generation {
  const { model, size, quality } = call.fields
  // A model without a list price is only asked when the options price it, and is then charged so.
  const listed = quoteMicroUsd({ ...pricedBy(call, job), variations: outputs.length })
  const costMicroUsd = costOfUsage(model, usage) ?? listed ?? 0
  return {
    outputs,
    costMicroUsd,
    model,
    ...(revisedPrompt !== undefined && { revisedPrompt }),
    meta: { size, quality, ...(usage && { usage }) },
  }
}
