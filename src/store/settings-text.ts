import { extname } from 'node:path'
import { defineError } from '../core/errors.ts'
import { changedSettings, isSettings, mergeSettings, type SettingChange, type Settings } from '../core/settings.ts'
import { decodeUtf8 } from './document-problems.ts'

const settingsFileInvalid = defineError('SETTINGS_FILE', {
  summary: 'A settings file is neither JSON nor YAML, or cannot be changed without loss.',
  message: (d: { file: string; problem: string }) => `${d.file} ${d.problem}.`,
  hint: () => 'Name a .json, .yaml or .yml file that holds a group of settings; a new one is written where there is none.',
  exit: 2,
})

export interface MergedText {
  text: string
  changed: SettingChange[]
}

/**
 * Merge settings into the text of a JSON or YAML file; comments and order of YAML stay.
 * @param text - undefined for a file that is not there yet
 * @param at - the group in it that they go into, from the outside in; empty for the whole
 * @throws SETTINGS_FILE, SETTING_REFUSED
 */
export async function mergeIntoText(file: string, text: string | undefined, at: readonly string[], settings: Settings): Promise<MergedText> {
  const nested = at.reduceRight<Settings>((inner, name) => ({ [name]: inner }), settings)
  switch (extname(file)) {
    case '.json':
      return mergeIntoJson(file, text ?? '{}', nested)
    case '.yaml':
    case '.yml':
      return mergeIntoYaml(file, text ?? '', nested)
    default:
      throw settingsFileInvalid({ file, problem: `ends in ${extname(file) || 'nothing'}, and settings are written to .json, .yaml and .yml files` })
  }
}

function mergeIntoJson(file: string, text: string, settings: Settings): MergedText {
  let before: unknown
  try {
    before = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    throw settingsFileInvalid({ file, problem: `is no plain JSON, and comments in it would be lost: ${(cause as Error).message}` }, { cause })
  }
  if (!isSettings(before)) throw settingsFileInvalid({ file, problem: 'holds no group of settings' })
  const after = mergeSettings(before, settings)
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? 2
  return { text: `${JSON.stringify(after, null, indent)}\n`, changed: changedSettings(before, after) }
}

async function mergeIntoYaml(file: string, text: string, settings: Settings): Promise<MergedText> {
  const { parseSpecText } = await import('./spec-text.ts')
  const { isMap, parseDocument } = await import('yaml')
  const invalid = (data: { problem: string }) => settingsFileInvalid({ file, problem: data.problem })
  // Read strictly first: aliases and duplicate keys could not be changed safely.
  const read = parseSpecText(text, file, invalid)
  if (read.length > 1) throw settingsFileInvalid({ file, problem: 'holds several documents' })
  const before = read[0]?.value ?? {}
  if (!isSettings(before)) throw settingsFileInvalid({ file, problem: 'holds no group of settings' })
  const changed = changedSettings(before, mergeSettings(before, settings))
  const document = parseDocument(text)
  if (!isMap(document.contents)) document.contents = document.createNode({}) as never
  const put = (group: Settings, path: readonly string[]): void => {
    for (const [name, value] of Object.entries(group)) {
      const place = [...path, name]
      if (isSettings(value) && isMap(document.getIn(place))) put(value, place)
      // A plain value goes into the place of the old one, whose comment stays.
      else document.setIn(place, typeof value === 'object' ? document.createNode(value) : value)
    }
  }
  put(settings, [])
  return { text: document.toString({ lineWidth: 0 }), changed }
}

const specNotFound = defineError('SPEC_NOT_IN_FILE', {
  summary: 'A style was to be put into a spec, and the file does not hold it.',
  message: (d: { file: string; wanted: string | undefined; ids: readonly string[] }) =>
    d.wanted === undefined ? `${d.file} holds ${d.ids.length} specs, and none was named.` : `${d.file} holds no spec ${JSON.stringify(d.wanted)}.`,
  hint: (d) => (d.ids.length === 0 ? 'Name a file with a spec.' : `Name one of them: --spec ${d.ids.join(', --spec ')}`),
  exit: 2,
})

/**
 * Set `prompt.style` of a spec; comments and everything else stay.
 * @param id - of the spec; may be left out when the file holds one
 * @throws SPEC_INVALID, SPEC_NOT_IN_FILE
 */
export async function withPromptStyle(file: string, bytes: Uint8Array, id: string | undefined, style: string): Promise<{ text: string; before: string | undefined }> {
  const { parseSpecText } = await import('./spec-text.ts')
  const { specInvalid } = await import('../core/spec-invalid.ts')
  const { isMap, isSeq, parseAllDocuments, parseDocument } = await import('yaml')
  const text = decodeUtf8(bytes, file, specInvalid)
  parseSpecText(text, file)
  const isJson = file.endsWith('.json')
  const documents = isJson ? [parseDocument(text)] : parseAllDocuments(text)
  const specs = documents.flatMap((document) => {
    const { contents } = document as { contents: unknown }
    const nodes = isSeq(contents) ? contents.items : [contents]
    return nodes.flatMap((node) => (isMap(node) ? [{ node, id: String(node.get('id') ?? node.get('template')) }] : []))
  })
  const found = id === undefined && specs.length === 1 ? specs[0] : specs.find((one) => one.id === id)
  if (!found) throw specNotFound({ file, wanted: id, ids: specs.map((one) => one.id) })
  const before = found.node.getIn(['prompt', 'style']) as string | undefined
  found.node.setIn(['prompt', 'style'], style)
  const written = isJson ? `${JSON.stringify((documents[0] as { toJS(): unknown }).toJS(), null, 2)}\n` : documents.map((document) => (document as { toString(options: object): string }).toString({ lineWidth: 0 })).join('')
  return { text: written, before }
}
