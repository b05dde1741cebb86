/** A spec that is right; each case below changes it in one way. */
export const goodSpec = `version: "1.0"
id: particle
metadata: { category: Particles, tags: [effect] }
generation:
  type: image
  provider: local
prompt:
  base: a soft white particle
  parameters: { size: 32x32 }
post_processing:
  - { action: resize, dimensions: 16x16 }
integration:
  manifest_key: particle
  manifest_path: images/particle.png
`

export interface BadSpec {
  name: string
  text: string | Buffer
  code?: string
  /** 1-based; 0 when the whole file is meant. */
  line: number
  /** What the message names. */
  says: string[]
  /** What message or hint also says. */
  mend?: string
  file?: string
}

const changed = (from: string, to: string): string => {
  if (!goodSpec.includes(from)) throw new Error(`the good spec has no ${JSON.stringify(from)}`)
  return goodSpec.replace(from, to)
}
const template = `version: "1.0"
template: jump
parameters:
  - { name: kind, type: enum, values: [low, high] }
  - { name: tone, type: string }
generation: { type: audio, provider: local }
prompt:
  base: "a {{kind}} jump, {{tone}}"
integration: { naming_pattern: "jump{{type_number}}{{variant_letter}}.wav" }
---
`
const use = (rest: string) => `${template}version: "1.0"\nid: jumps\ntemplate: jump\n${rest}\n`

export const badSpecs: readonly BadSpec[] = [
  { name: 'an unquoted version', text: changed('"1.0"', '1.0'), line: 1, says: ['version'], mend: '"1.0"' },
  { name: 'an unknown version', text: changed('"1.0"', '"2.0"'), line: 1, says: ['version', '1.0'] },
  { name: 'no version', text: changed('version: "1.0"\n', ''), line: 1, says: ['version', 'missing'] },
  { name: 'no id', text: changed('id: particle\n', ''), line: 1, says: ['id', 'missing'] },
  { name: 'a numeric id', text: changed('id: particle', 'id: 42'), line: 2, says: ['id', 'text'], mend: '"42"' },
  { name: 'an id with a slash', text: changed('id: particle', 'id: a/b'), line: 2, says: ['id'] },
  { name: 'no generation', text: changed('generation:\n  type: image\n  provider: local\n', ''), line: 1, says: ['generation', 'missing'] },
  { name: 'no type', text: changed('  type: image\n', ''), line: 4, says: ['generation.type', 'image'] },
  { name: 'a misspelt type', text: changed('type: image', 'type: imag'), line: 5, says: ['generation.type', 'image, audio'], mend: 'Did you mean image' },
  { name: 'a misspelt field', text: changed('provider: local', 'provder: local'), line: 6, says: ['generation.provder'], mend: 'Did you mean provider' },
  { name: 'a misspelt section', text: changed('integration:', 'integrations:'), line: 12, says: ['integrations'], mend: 'Did you mean integration' },
  { name: 'a fallback that is a number', text: changed('provider: local', 'provider: local\n  fallback: 3'), line: 7, says: ['generation.fallback', 'list'] },
  { name: 'a fallback list with a number', text: changed('provider: local', 'provider: local\n  fallback: [local, 3]'), line: 7, says: ['generation.fallback'] },
  { name: 'an unknown recipe', text: changed('provider: local', 'provider: local\n  recipe: particel'), line: 7, says: ['generation.recipe', 'particel'], mend: 'Did you mean particle' },
  { name: 'no prompt', text: changed('prompt:\n  base: a soft white particle\n  parameters: { size: 32x32 }\n', ''), line: 1, says: ['prompt', 'missing'] },
  { name: 'an empty prompt', text: changed('base: a soft white particle', 'base: ""'), line: 8, says: ['prompt.base'] },
  { name: 'a prompt that is a list', text: changed('base: a soft white particle', 'base: [a, b]'), line: 8, says: ['prompt.base', 'text'] },
  { name: 'a size with a comma', text: changed('32x32', '"32,32"'), line: 9, says: ['prompt.parameters.size', 'WIDTHxHEIGHT'] },
  { name: 'a size of nothing', text: changed('32x32', '0x32'), line: 9, says: ['prompt.parameters.size'] },
  { name: 'a negative seed', text: changed('size: 32x32', 'seed: -1'), line: 9, says: ['prompt.parameters.seed', '0'] },
  { name: 'a broken seed', text: changed('size: 32x32', 'seed: 1.5'), line: 9, says: ['prompt.parameters.seed'] },
  { name: 'no variations', text: changed('size: 32x32', 'n_variations: 0'), line: 9, says: ['prompt.parameters.n_variations', '1'] },
  { name: 'too many variations', text: changed('size: 32x32', 'n_variations: 1000'), line: 9, says: ['prompt.parameters.n_variations', '16'] },
  { name: 'a duration of a picture', text: changed('size: 32x32', 'duration: 2'), line: 9, says: ['prompt.parameters.duration'] },
  { name: 'a size of a sound', text: changed('type: image', 'type: audio').replace('post_processing:\n  - { action: resize, dimensions: 16x16 }\n', '').replace('.png', '.mp3'), line: 9, says: ['prompt.parameters.size'] },
  { name: 'an address', text: changed('size: 32x32', 'base_url: "https://elsewhere.example"'), line: 9, says: ['prompt.parameters.base_url', 'address'] },
  { name: 'a key', text: changed('size: 32x32', 'api_key: abc'), line: 9, says: ['prompt.parameters.api_key', 'credential'] },
  { name: 'a number that is none', text: changed('size: 32x32', 'seed: .nan'), line: 9, says: ['prompt.parameters.seed', 'no number'] },
  { name: 'a reference outside', text: changed('  parameters:', '  references: [../secret.png]\n  parameters:'), line: 9, says: ['prompt.references'] },
  { name: 'a mask without a picture', text: changed('  parameters:', '  mask: mask.png\n  parameters:'), line: 9, says: ['prompt.mask'] },
  { name: 'an unknown step', text: changed('action: resize', 'action: resise'), line: 11, says: ['post_processing.0.action', 'resise'], mend: 'Did you mean resize' },
  { name: 'an unknown option of a step', text: changed('dimensions: 16x16', 'dimensons: 16x16'), line: 11, says: ['dimensons'], mend: 'dimensions' },
  { name: 'a sound step on a picture', text: changed('action: resize, dimensions: 16x16', 'action: normalize, peak: -1'), line: 11, says: ['normalize', 'image'] },
  { name: 'a step without action', text: changed('action: resize, ', ''), line: 11, says: ['post_processing.0.action', 'missing'] },
  { name: 'an unknown check', text: changed('{ action: resize, dimensions: 16x16 }', '{ action: validate, checks: [has_alfa] }'), line: 11, says: ['has_alfa'] },
  { name: 'steps that are no list', text: changed('  - { action: resize, dimensions: 16x16 }', '  action: resize'), line: 10, says: ['post_processing', 'list'] },
  { name: 'steps of a text', text: changed('type: image', 'type: text').replace('  parameters: { size: 32x32 }\n', '').replace('.png', '.txt'), line: 9, says: ['post_processing'] },
  { name: 'a path that climbs', text: changed('images/particle.png', '../particle.png'), line: 14, says: ['integration.manifest_path'] },
  { name: 'an absolute path', text: changed('images/particle.png', '/etc/particle.png'), line: 14, says: ['integration.manifest_path', 'absolute'] },
  { name: 'a path with a device name', text: changed('images/particle.png', 'images/con.png'), line: 14, says: ['integration.manifest_path', 'device'] },
  { name: 'a path without extension', text: changed('images/particle.png', 'images/particle'), line: 14, says: ['integration.manifest_path', 'extension'] },
  { name: 'a path of another type', text: changed('images/particle.png', 'images/particle.mp3'), line: 14, says: ['integration.manifest_path', '.png'] },
  { name: 'a key with a blank', text: changed('manifest_key: particle', 'manifest_key: my particle'), line: 13, says: ['integration.manifest_key'] },
  { name: 'a broken token', text: changed('manifest_key: particle', 'token: PARTICLE-WYN-WHITE1'), line: 13, says: ['integration.token', 'PARTICLE-WYN-WHITE001'] },
  { name: 'a small-letter token part', text: changed('manifest_key: particle', 'token: { family: wyn }'), line: 13, says: ['integration.token.family', 'capital'] },
  { name: 'an unknown token part', text: changed('manifest_key: particle', 'token: { famly: WYN }'), line: 13, says: ['integration.token.famly'], mend: 'Did you mean family' },
  { name: 'a log level that is none', text: `${goodSpec}observability: { log_level: loud }\n`, line: 15, says: ['observability.log_level', 'debug'] },
  { name: 'a duplicate field', text: `${goodSpec}id: other\n`, line: 15, says: ['twice'] },
  { name: 'a forbidden field name', text: `${goodSpec}__proto__: { a: 1 }\n`, line: 15, says: ['__proto__'] },
  { name: 'a forbidden field name inside', text: changed('size: 32x32', 'constructor: 1'), line: 9, says: ['constructor'] },
  { name: 'an anchor', text: changed('base: a soft', 'base: &x a soft'), line: 8, says: ['anchor'] },
  { name: 'an alias', text: changed('base: a soft white particle', 'base: *x'), line: 8, says: ['alias'] },
  { name: 'a tag', text: changed('base: a soft', 'base: !!js/function a soft'), line: 8, says: ['ag'] },
  { name: 'broken YAML', text: changed('{ size: 32x32 }', '{ size: 32x32'), line: 10, says: ['YAML'] },
  { name: 'a tab for indentation', text: changed('  base:', '\tbase:'), line: 8, says: ['YAML'] },
  { name: 'thousands of brackets', text: `${goodSpec}metadata2: ${'['.repeat(50_000)}\n`, line: 15, says: ['deeper'] },
  { name: 'an empty file', text: '\n# nothing\n', line: 0, says: ['empty'] },
  { name: 'a plain text', text: 'make me a picture\n', line: 1, says: ['list of fields'] },
  { name: 'a list with a number', text: '- 3\n', line: 1, says: ['list of fields'] },
  { name: 'broken JSON', text: '{ "version": "1.0", "id": ', file: 'specs/a.json', line: 1, says: ['YAML'] },
  { name: 'bytes that are no UTF-8', text: Buffer.concat([Buffer.from(goodSpec), Buffer.from([0xff, 0xfe])]), line: 0, says: ['UTF-8'] },
  { name: 'more than a megabyte', text: `${goodSpec}# ${'x'.repeat(1_000_001)}\n`, line: 0, says: ['bytes', '1000000'] },
  { name: 'an unknown template', text: use('values: { kind: low, tone: soft }').replace('template: jump\nvalues', 'template: jmp\nvalues'), line: 13, says: ['template', 'jmp'], mend: 'Did you mean jump' },
  { name: 'a missing parameter', text: use('values: { kind: low }'), line: 13, says: ['template', 'tone'] },
  { name: 'an unknown parameter', text: use('values: { kind: low, tone: soft, pitch: 3 }'), line: 14, says: ['values.pitch', 'kind, tone'] },
  { name: 'a value that is not allowed', text: use('values: { kind: middle, tone: soft }'), line: 14, says: ['values.kind', 'low, high'] },
  { name: 'a place that cannot be told', text: use('values: { kind: low, tone: soft }'), line: 13, says: ['variant_letter'], mend: '--output-name' },
  { name: 'two combinations of one name', text: use('matrix: { kind: [low, low], tone: [a] }'), line: 14, says: ['matrix', 'jumps/low.a'] },
  { name: 'a parameter in values and matrix', text: use('values: { tone: a }\nmatrix: { kind: [low], tone: [b] }'), line: 15, says: ['matrix.tone'] },
  { name: 'an empty matrix', text: use('matrix: { kind: [] }'), line: 14, says: ['matrix.kind', 'empty'] },
  { name: 'an undeclared name in a template', text: template.replace('{{tone}}', '{{tune}}').replace('---\n', ''), line: 7, says: ['prompt', 'tune', 'kind, tone'] },
  { name: 'an enum without values', text: template.replace(', values: [low, high]', '').replace('---\n', ''), line: 4, says: ['parameters.0', 'values'] },
  { name: 'an unquoted placeholder', text: changed('base: a soft white particle', 'base: {{name}}'), line: 8, says: ['key'], mend: 'quotes' },
]
