import { pictureChecks } from '../../src/generators/processors/image/checks.ts'
import { soundChecks } from '../../src/generators/processors/audio/checks.ts'
import { audioProcessors } from '../../src/generators/processors/audio/index.ts'
import { imageProcessors } from '../../src/generators/processors/image/index.ts'
import type { Processor } from '../../src/core/ports.ts'
import { fieldRows } from './fields.ts'
import { code, page, table } from './markdown.ts'

function section(processor: Processor): string {
  const rows = fieldRows(processor.options)
  return `### ${processor.action}\n\n${processor.summary}\n\n${rows.length > 0 ? table(['option', 'takes', 'default', ''], rows) : 'It takes no options.\n'}`
}

interface Check {
  summary: string
  bound?: unknown
  unsaid?: unknown
}

function checkTable(checks: ReadonlyMap<string, Check>): string {
  const valueOf = (check: Check) => {
    if (check.bound === undefined) return 'none'
    if (!('unsaid' in check)) return 'must be given'
    return check.unsaid === undefined ? 'may be given' : `${code(String(check.unsaid))} when not given`
  }
  return table(['check', 'value', 'passes when'], [...checks].map(([name, check]) => [code(name), valueOf(check), check.summary]))
}

export function processorsPage(): string {
  return page(
    'Steps',
    `\`post_processing\` is a list of steps that are carried out in order on what the provider returned. The raw answer is kept:
changing a step never calls a provider again.

\`\`\`yaml
post_processing:
  - { action: resize, dimensions: 32x32, method: lanczos }
  - { action: validate, checks: [has_alpha, dimensions_match, { max_bytes: 20 KB }] }
  - { action: convert, formats: [png, webp] }
\`\`\`

Values may carry a unit (\`4px\`, \`40%\`, \`-1.0 dB\`, \`192k\`, \`0.3 s\`, \`20 KB\`) or be plain numbers. An unknown step, option or
check is an error that names the allowed ones.`,
    '## Pictures',
    ...imageProcessors.map(section),
    `#### Checks of pictures

A failed check fails the asset: nothing reaches the manifest, the raw answer is kept, and the message has the measured value
and the bound. A check is a name, or a map of name and value.`,
    checkTable(pictureChecks),
    '## Sounds',
    ...audioProcessors.map(section),
    '#### Checks of sounds',
    checkTable(soundChecks),
  )
}
