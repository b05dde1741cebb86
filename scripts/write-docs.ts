// Writes the generated parts of docs/ from the schemas and tables; with --check it only says which are stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastGlob from 'fast-glob'
import { z } from 'zod'
import { errorTable } from '../src/core/errors.ts'
import { flagsOf } from '../src/cli/flags.ts'
import { operations } from '../src/operations/index.ts'
import { optionsSchema } from '../src/options.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const isCheck = process.argv.includes('--check')
const head = '<!-- Written by scripts/write-docs.ts from the code; edits are lost. -->\n\n'
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const code = (text: string) => `\`${text}\``

interface Property {
  type?: string | string[]
  description?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  anyOf?: Property[]
  items?: Property
  properties?: Record<string, Property>
  additionalProperties?: Property | boolean
}

function typeOf(property: Property): string {
  if (property.const !== undefined) return JSON.stringify(property.const)
  if (property.enum) return property.enum.map((value) => JSON.stringify(value)).join(' or ')
  if (property.anyOf) return [...new Set(property.anyOf.map(typeOf))].join(' or ')
  if (property.type === 'array') return `list of ${typeOf(property.items ?? {})}`
  if (property.type === 'object') return property.properties ? 'object' : `object of ${typeof property.additionalProperties === 'object' ? typeOf(property.additionalProperties) : 'anything'}`
  return property.type ? String(property.type) : 'any'
}

function optionRows(properties: Record<string, Property>, prefix = ''): string[] {
  return Object.entries(properties).flatMap(([name, property]) => [
    `| ${code(prefix + name)} | ${cell(typeOf(property))} | ${property.default === undefined || typeof property.default === 'object' ? '' : code(JSON.stringify(property.default))} | ${cell(property.description ?? '')} |`,
    ...(property.properties ? optionRows(property.properties, `${prefix}${name}.`) : []),
  ])
}

function optionsPage(): string {
  const schema = z.toJSONSchema(optionsSchema, { unrepresentable: 'any', io: 'input' }) as Property
  return `# Options\n\n${head}In \`assetloom.config.ts\` (\`export default defineConfig({ … })\`), or inline in the plugin: \`assetloom({ … })\`. A misspelt option is an error.\n\n| option | type | default | |\n|---|---|---|---|\n${optionRows(schema.properties!).join('\n')}\n`
}

async function errorsPage(): Promise<string> {
  // Errors are defined beside what throws them: loading every module fills the table.
  for (const file of fastGlob.sync('src/**/*.ts', { cwd: root, ignore: ['**/*.test.ts', 'src/cli/main.ts', 'src/runtime/**', 'src/studio/**'] })) await import(`../${file}`)
  const rows = errorTable().map((error) => `| ${code(error.code)} | ${cell(error.summary)} | ${error.exit} | ${error.http} |`)
  return `# Errors\n\n${head}Codes are permanent. Exit codes: 0 ok, 1 failed, 2 usage, 3 budget, 4 frozen or stale, 5 conflict.\n\n| code | means | exit | HTTP |\n|---|---|---|---|\n${rows.join('\n')}\n`
}

async function cliPage(): Promise<string> {
  const sections = await Promise.all(
    operations.map(async (row) => {
      const operation = await row.load()
      const flags = flagsOf(operation)
      const usage = ['assetloom', row.name, ...flags.filter((flag) => flag.isPositional).map((flag) => (flag.isRequired ? `<${flag.member}>` : `[${flag.member}]`) + (flag.type === 'list' ? '…' : ''))].join(' ')
      const rows = flags.map((flag) => `| ${code(flag.isPositional ? flag.member : flag.type === 'boolean' && flag.default === true ? `--no-${flag.flag.slice(2)}` : flag.flag)} | ${flag.choices?.map(code).join(' ') ?? flag.type} | ${cell(flag.description)} |`)
      return `## ${row.name}\n\n${row.summary}\n\n\`\`\`sh\n${usage}\n${operation.example}\n\`\`\`\n${rows.length ? `\n| | takes | |\n|---|---|---|\n${rows.join('\n')}\n` : ''}`
    }),
  )
  return `# Commands\n\n${head}Every command takes \`--json\` (one document on stdout, for errors too), \`--cwd <folder>\`, \`--quiet\`, \`--yes\`, \`--log-level\` and \`--help\`. \`asset\` is short for \`assetloom\`.\n\n${sections.join('\n')}`
}

const pages: Record<string, string> = { 'docs/options.md': optionsPage(), 'docs/errors.md': await errorsPage(), 'docs/cli.md': await cliPage() }
const stale = Object.entries(pages).filter(([file, text]) => !existsSync(`${root}${file}`) || readFileSync(`${root}${file}`, 'utf8') !== text)
if (!isCheck) for (const [file, text] of stale) writeFileSync(`${root}${file}`, text)
console.log(stale.length === 0 ? 'docs are up to date' : `${isCheck ? 'stale' : 'written'}: ${stale.map(([file]) => file).join(', ')}`)
process.exitCode = isCheck && stale.length > 0 ? 1 : 0
