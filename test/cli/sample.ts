import { execFileSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { beforeAll } from 'vitest'
import { cliPath, createProject, type Project } from '../project.ts'
import { png, wav } from '../operations/project.ts'

/** A provider as a project writes it: paid, slow when told so, and it counts its calls in a file. */
export const configText = `import { appendFileSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineConfig, defineProvider } from 'assetloom'

const studio = defineProvider({
  id: 'studio',
  capabilities: { types: ['image'], variationsPerCall: 4 },
  concurrency: 1,
  quote: (job) => 40000 * job.request.variations,
  async generate(job) {
    appendFileSync('calls.txt', job.specId + '\\n')
    await sleep(Number(process.env.STUDIO_DELAY_MS ?? 0))
    if (job.request.prompt.includes('fail')) throw new Error('the studio is closed')
    const outputs = ['1', '2', '3', '4'].slice(0, job.request.variations).map((n) => ({ bytes: new Uint8Array(readFileSync('in/' + n + '.png')), mediaType: 'image/png' }))
    return { outputs, costMicroUsd: 40000 * outputs.length }
  },
})

export default defineConfig({
  tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' },
  constants: false,
  budget: { monthlyUsd: 1 },
  providers: { studio },
})
`

export const spec = (id: string, more: { prompt?: string; provider?: string; variations?: number } = {}) =>
  JSON.stringify({
    version: '1.0',
    id,
    metadata: { category: 'Icons' },
    generation: { type: 'image', provider: more.provider ?? 'studio' },
    prompt: { base: more.prompt ?? `picture of ${id}`, parameters: { size: '24x16', ...(more.variations && { n_variations: more.variations }) } },
    integration: { manifest_key: `key_${id}` },
  })

let template: Project

/** Two logos, a colour and an icon made from a spec in four variations: LOGO-ACME-MARK001, …002, COLOR-ACME-MAIN001, ICON-ACME-MAIN001. */
export function useSample(): void {
  beforeAll(async () => {
    template = createProject({
      files: {
        'assetloom.config.js': configText,
        'in/1.png': await png(1),
        'in/2.png': await png(2),
        'in/3.png': await png(3),
        'in/4.png': await png(4),
        'in/beep.wav': wav(),
        'in/broken.png': 'no picture',
        'specs/coin.json': spec('coin', { variations: 4 }),
        'src/main.js': 'import logo from "asset:LOGO-ACME-MARK001"\n',
      },
    })
    const run = (...args: string[]) => execFileSync(process.execPath, [cliPath, ...args], { cwd: template.root, env: { PATH: process.env.PATH } })
    run('import', 'in/1.png', 'in/2.png', '--category', 'Logos', '--variant', 'MARK', '--tags', 'brand,primary', '--alt', 'Acme')
    run('import', '--color', '#ff6b35')
    run('generate')
  })
}

/** The sample in a folder of its own. */
export function copySample(): Project {
  const copy = createProject()
  cpSync(template.root, copy.root, { recursive: true, filter: (path) => !path.includes('node_modules') })
  return copy
}
