import { makePicture } from './fake-media.ts'
import type { FakeAnswer, FakeDefinition } from './fake.ts'
import type { FakeRequest } from './fake-request.ts'

/** What no source confirms; change it here when one does. */
const unconfirmed = {
  checkpoints: ['v1-5-pruned-emaonly-fp16.safetensors', 'sd_xl_base_1.0.safetensors'],
  noJsonText: 'No prompt provided',
}

const samplers = ['euler', 'euler_ancestral', 'dpmpp_2m', 'ddim']
const schedulers = ['normal', 'karras', 'simple']

interface Node {
  class_type: string
  inputs: Record<string, unknown>
}
type Graph = Record<string, Node>

/** Inputs of each node that is known here: numbers with bounds, lists of what may be, links and texts. */
const nodes: Record<string, Record<string, readonly string[] | readonly [least: number, most: number] | 'text' | 'link' | 'file'>> = {
  CheckpointLoaderSimple: { ckpt_name: unconfirmed.checkpoints },
  CLIPTextEncode: { text: 'text', clip: 'link' },
  EmptyLatentImage: { width: [16, 16_384], height: [16, 16_384], batch_size: [1, 4096] },
  KSampler: { seed: [0, 2 ** 64], steps: [1, 10_000], cfg: [0, 100], sampler_name: samplers, scheduler: schedulers, denoise: [0, 1], model: 'link', positive: 'link', negative: 'link', latent_image: 'link' },
  VAEDecode: { samples: 'link', vae: 'link' },
  VAEEncode: { pixels: 'link', vae: 'link' },
  LoadImage: { image: 'file' },
  LoadImageMask: { image: 'file', channel: ['alpha', 'red', 'green', 'blue'] },
  SetLatentNoiseMask: { samples: 'link', mask: 'link' },
  SaveImage: { filename_prefix: 'text', images: 'link' },
}

const bad = (type: string, message: string, details = '', node_errors: object = {}): FakeAnswer => ({ status: 400, body: { error: { type, message, details, extra_info: {} }, node_errors } })
const graphOf = (request: FakeRequest) => (request.json as { prompt?: Graph } | undefined)?.prompt

/** What ComfyUI says of a graph that it would not run. */
function refusalOf(graph: Graph, uploads: ReadonlySet<string>): FakeAnswer | undefined {
  if (!Object.values(graph).some(({ class_type }) => class_type === 'SaveImage')) return bad('prompt_no_outputs', 'Prompt has no outputs')
  const problems: Record<string, object> = {}
  for (const [id, { class_type, inputs }] of Object.entries(graph)) {
    const known = nodes[class_type]
    if (!known) return bad('invalid_prompt', 'Cannot execute because a node is missing the class_type property.', `Node ID '#${id}'`)
    const errors = Object.entries(known).flatMap(([name, rule]) => {
      const value = inputs[name]
      const problem = (type: string, message: string, details: string) => [{ type, message, details, extra_info: { input_name: name } }]
      if (value === undefined) return problem('required_input_missing', 'Required input is missing', name)
      if (rule === 'text') return typeof value === 'string' ? [] : problem('invalid_input_type', 'Failed to convert an input value', name)
      if (rule === 'file') return uploads.has(String(value)) ? [] : problem('custom_validation_failed', 'Custom validation failed for node', `${name} - Invalid image file: ${String(value)}`)
      if (rule === 'link') return Array.isArray(value) && graph[String(value[0])] ? [] : problem('bad_linked_input', 'Bad linked input, must be a length-2 list of [node_id, slot_index]', name)
      if (typeof rule[0] === 'string') return (rule as readonly string[]).includes(String(value)) ? [] : problem('value_not_in_list', 'Value not in list', `${name}: '${String(value)}' not in [${(rule as readonly string[]).map((one) => `'${one}'`).join(', ')}]`)
      const [least, most] = rule as readonly [number, number]
      return typeof value === 'number' && value >= least && value <= most ? [] : problem('value_bigger_than_max', `Value ${String(value)} is outside ${least} and ${most}`, name)
    })
    if (errors.length > 0) problems[id] = { errors, dependent_outputs: ['9'], class_type }
  }
  return Object.keys(problems).length > 0 ? bad('prompt_outputs_failed_validation', 'Prompt outputs failed validation', '', problems) : undefined
}

/** Jobs of these ids never make a picture. */
const failing: Record<string, [string, object][]> = {
  'fails-in-node': [['execution_start', {}], ['execution_error', { node_id: '3', node_type: 'KSampler', exception_type: 'torch.OutOfMemoryError', exception_message: 'Allocation on device \n' }]],
  'was-stopped': [['execution_start', {}], ['execution_interrupted', { node_id: '3', node_type: 'KSampler', executed: [] }]],
}
const accepted = (prompt_id: string): FakeAnswer => ({ body: { prompt_id, number: 1, node_errors: {} } })

/** ComfyUI: its queue, its history, its files. */
export const comfyuiFake: FakeDefinition = {
  id: 'comfyui',
  summary: 'ComfyUI.',
  credentials: {},
  options: ({ origin }) => ({ 'stable-diffusion': { baseURL: origin, flavor: 'comfyui' } }),
  isPaid: ({ method, path }) => method === 'POST' && path === '/prompt',
  faults: {
    'execution-error': accepted('fails-in-node'),
    stopped: accepted('was-stopped'),
    'no-picture': accepted('makes-nothing'),
    checkpoint: bad('prompt_outputs_failed_validation', 'Prompt outputs failed validation', '', { 4: { errors: [{ type: 'value_not_in_list', message: 'Value not in list', details: "ckpt_name: 'x' not in ['a']", extra_info: {} }], dependent_outputs: ['9'], class_type: 'CheckpointLoaderSimple' } }),
    'no-prompt': bad('no_prompt', 'No prompt provided', 'No prompt provided'),
    server: { status: 500, body: '500 Internal Server Error\n\nServer got itself in trouble' },
    // What the history answers as long as a job has not ended.
    unfinished: { body: {} },
  },
  create() {
    const uploads = new Set<string>()
    const files = new Map<string, Buffer>()
    const entries = new Map<string, object>()
    /** By the graph, as the server keeps what a node has given before. */
    const cached = new Map<string, object>()

    const run = async (request: FakeRequest): Promise<FakeAnswer> => {
      const graph = graphOf(request)
      if (!graph) return bad('no_prompt', unconfirmed.noJsonText, unconfirmed.noJsonText)
      const refusal = refusalOf(graph, uploads)
      if (refusal) return refusal
      const id = crypto.randomUUID()
      const key = JSON.stringify(graph)
      const isCached = cached.has(key)
      if (!isCached) {
        const saving = Object.entries(graph).find(([, node]) => node.class_type === 'SaveImage')!
        const latent = Object.values(graph).find((node) => node.class_type === 'EmptyLatentImage')
        const { filename_prefix: prefix, ...rest } = saving[1].inputs
        const filename = `${String(prefix)}_${String(files.size + 1).padStart(5, '0')}_.png`
        const widthPx = Number(latent?.inputs.width ?? 512)
        const heightPx = Number(latent?.inputs.height ?? 512)
        files.set(filename, await makePicture({ text: JSON.stringify([{ ...graph, [saving[0]]: rest }]), widthPx, heightPx, format: 'png', damage: request.damage }))
        cached.set(key, { [saving[0]]: { images: [{ filename, subfolder: '', type: 'output' }] } })
      }
      const messages = [['execution_start', { prompt_id: id }], ...(isCached ? [['execution_cached', { nodes: Object.keys(graph) }]] : []), ['execution_success', { prompt_id: id }]]
      entries.set(id, { prompt: [1, id, graph, {}, ['9']], outputs: cached.get(key)!, status: { status_str: 'success', completed: true, messages }, meta: {} })
      return accepted(id)
    }

    const historyOf = (id: string): object => {
      if (failing[id]) return { [id]: { prompt: [1, id, {}, {}, ['9']], outputs: {}, status: { status_str: 'error', completed: false, messages: failing[id] }, meta: {} } }
      if (id === 'makes-nothing') return { [id]: { prompt: [1, id, {}, {}, ['9']], outputs: {}, status: { status_str: 'success', completed: true, messages: [] }, meta: {} } }
      const entry = entries.get(id)
      return entry ? { [id]: entry } : {}
    }

    return async (request) => {
      const { method, path } = request
      if (method === 'POST' && path === '/prompt') return run(request)
      if (method === 'GET' && path.startsWith('/history/')) return { body: historyOf(decodeURIComponent(path.slice('/history/'.length))) }
      if (method === 'GET' && path === '/view') {
        const name = request.query.get('filename')
        if (!name) return { status: 400, body: '' }
        if (name.includes('..') || name.startsWith('/')) return { status: 403, body: '' }
        const bytes = files.get(name)
        return bytes ? { headers: { 'content-type': 'image/png' }, body: bytes } : { status: 404, body: '' }
      }
      if (method === 'POST' && path === '/upload/image') {
        const part = request.parts?.find(({ name }) => name === 'image')
        if (!part?.fileName) return { status: 400, body: '' }
        uploads.add(part.fileName)
        return { body: { name: part.fileName, subfolder: '', type: 'input' } }
      }
      if (method === 'GET' && path === '/queue') return { body: { queue_running: [], queue_pending: [] } }
      if (method === 'POST' && ['/queue', '/interrupt'].includes(path)) return { body: '' }
      return { status: 404, body: '404: Not Found' }
    }
  },
}
