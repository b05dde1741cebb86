import { imageRecipes } from '../../src/generators/local/image/index.ts'
import { soundRecipes } from '../../src/generators/local/sound/index.ts'
import type { z } from 'zod'
import { fieldRows } from './fields.ts'
import { code, page, table } from './markdown.ts'

interface DescribedRecipe {
  name: string
  words: readonly string[]
  summary: string
  parameters: z.ZodType
  types?: readonly string[]
}

/** Knobs that every picture recipe has are told once. */
const common = 'colors'

function section({ name, words, summary, parameters, types }: DescribedRecipe): string {
  const rows = fieldRows(parameters).filter(([field]) => field !== code(common))
  const type = types ? ` For ${types.map(code).join(' and ')}.` : ''
  return `### ${name}\n\n${summary}${type} Words: ${words.join(', ')}.\n${rows.length > 0 ? `\n${table(['parameter', 'takes', 'default', ''], rows)}` : ''}`
}

export function recipesPage(): string {
  const commonRow = fieldRows(imageRecipes[0]!.parameters).find(([field]) => field === code(common))!
  const effects = soundRecipes.filter((recipe) => recipe.parameters === soundRecipes[0]!.parameters)
  const others = soundRecipes.filter((recipe) => !effects.includes(recipe))
  return page(
    'Recipes of the local provider',
    `\`local\` makes pictures and sounds on your machine: free, offline, and the same bytes from the same spec everywhere. A recipe
is named, or chosen by the words of the prompt:

\`\`\`yaml
version: "1.0"
id: spark
generation: { type: image, provider: local, recipe: particle }   # leave recipe out to let the prompt choose
prompt:
  base: "orange spark"
  parameters: { size: 64x64, seed: 7, shape: spark, softness: 0.3 }
integration:
  manifest_key: spark
  token: { prefix: PARTICLE, family: ACME, variant: SPARK }
\`\`\`

Parameters stand in \`prompt.parameters\` beside \`size\`, \`duration\` and \`seed\`. A spec that names its recipe may set only
parameters which that recipe has; one that lets the prompt choose may hold others, which are passed over. Another \`seed\`
gives another picture or sound; without one, the spec itself decides.`,
    `## Pictures

PNG with alpha at the asked \`size\`, 512x512 when none is given, at most 8192 pixels a side. Colours come from colour words
and hex codes in the prompt. A prompt with the words of several recipes gets the one with the most of them; a prompt with
none gets a landscape when it is wide, else an icon. Every picture recipe takes:`,
    table(['parameter', 'takes', 'default', ''], [commonRow]),
    ...imageRecipes.map(section),
    `## Sounds

WAV at 44.1 kHz with its peak at -1 dBFS; a \`convert\` step or the extension of \`manifest_path\` makes mp3 or ogg of it.
\`duration\` sets the length in seconds; without it a length in the prompt counts ("0.3-0.5 seconds"), else what is usual
for the recipe. The recipe whose word stands first in the prompt is taken; a prompt with none gets a blip, and an arpeggio
for \`type: music\`.`,
    `### ${effects.map(({ name }) => name).join(', ')}

Game effects, for \`audio\`, at most 30 seconds. Words such as soft, bright, heavy, airy, electric or dramatic bend them.`,
    table(['recipe', 'makes', 'words'], effects.map(({ name, summary, words }) => [code(name), summary, words.join(', ')])),
    table(['parameter', 'takes', 'default', ''], fieldRows(effects[0]!.parameters)),
    ...others.map(section),
    '## Text\n\n`type: text` writes the prompt itself, with the values of its template filled in. It has no recipes.',
  )
}
