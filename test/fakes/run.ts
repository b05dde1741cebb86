// npm run fake -- openai --port 8123: a provider's fake to try Assetloom with, for people.
import { parseArgs } from 'node:util'
import { formatUsd } from '../../src/core/cost.ts'
import { faultNames } from './catalog/index.ts'
import { serveFolder } from './catalog/serve-folder.ts'
import { genericFaults, startFake, type FakeDefinition } from './fake.ts'
import { fakes } from './index.ts'

const usage = `npm run fake -- <provider> [--port 8123] [--latency milliseconds] [--fault name]

Providers:
${fakes.map(({ id, summary, faults }) => `  ${id.padEnd(20)} ${summary}\n${' '.repeat(23)}faults: ${Object.keys(faults).join(', ')}`).join('\n')}
Faults of all: ${genericFaults.join(', ')}

npm run fake -- catalog --dir examples/catalog [--port 8124] [--token text] [--fault name]
  A folder as a catalog on GitHub; its branch moves when a file changes. Faults: ${faultNames.join(', ')}`

function wholeNumber(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text) || Number(text) > most) throw new Error(`--${name} must be a whole number from 0 to ${most}, and is ${JSON.stringify(text)}.`)
  return Number(text)
}

function readArguments() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { port: { type: 'string' }, latency: { type: 'string' }, fault: { type: 'string' }, dir: { type: 'string' }, token: { type: 'string' } },
  })
  if (positionals.join(' ') === 'catalog') {
    if (values.dir === undefined) throw new Error('Which folder? --dir names it.')
    return { folder: values.dir, token: values.token, port: wholeNumber('port', values.port, 65_535), fault: values.fault }
  }
  const isForCatalog = values.dir !== undefined || values.token !== undefined
  if (isForCatalog) throw new Error('--dir and --token are for catalog.')
  const definition = fakes.find(({ id }) => id === positionals[0])
  if (!definition || positionals.length > 1)
    throw new Error(positionals.length === 0 ? 'Which provider?' : `There is no fake ${positionals.join(' ')}.`)
  return {
    definition,
    port: wholeNumber('port', values.port, 65_535),
    latencyMs: wholeNumber('latency', values.latency, 600_000),
    fault: values.fault,
  }
}

type Arguments = ReturnType<typeof readArguments>

function atEnd(end: () => void): void {
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
}

async function serveProvider({ definition, port, latencyMs, fault }: Extract<Arguments, { definition: FakeDefinition }>): Promise<void> {
  const fake = await startFake(definition, {
    ...(port !== undefined && { port }),
    ...(latencyMs !== undefined && { latencyMs }),
    ...(fault !== undefined && { fault }),
    onRequest({ method, path, headers, bytes }, { status, billedMicroUsd }) {
      const type = headers['content-type']?.split(';')[0] ?? ''
      console.log(`${method} ${path}  ${type} ${bytes.length} B  ->  ${status}${billedMicroUsd ? `  ${formatUsd(billedMicroUsd)}` : ''}`)
    },
  })
  console.log(`${definition.summary} Nothing here costs anything.\nBase: ${fake.origin}\n`)
  console.log(`// assetloom.config.ts\nexport default ${JSON.stringify({ providers: fake.options, budget: { monthlyUsd: 5 } }, null, 2)}\n`)
  atEnd(() => {
    console.log(`\n${fake.requests.length} requests, ${formatUsd(fake.billedMicroUsd())} billed in play money.`)
    void fake.close()
  })
}

try {
  const given = readArguments()
  if (given.folder !== undefined) {
    const close = await serveFolder(given)
    atEnd(() => void close())
  } else await serveProvider(given)
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException
  console.error(`${code === 'EADDRINUSE' ? 'The port is in use; give another one with --port.' : message}\n\n${usage}`)
  process.exitCode = 2
}
