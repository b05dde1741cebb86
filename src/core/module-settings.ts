import { defineError } from './errors.ts'
import type { ModuleSettings } from './kinds/kind.ts'
import { didYouMean } from './near.ts'

const settingsWrong = defineError('MODULE_SETTINGS', {
  summary: 'A setting of a module is unknown, missing, or of another type than the module says.',
  message: (d: { ref: string; problems: readonly string[] }) => `${d.ref}: ${d.problems.join('; ')}.`,
  hint: (d) => `assetloom configure ${d.ref} shows its settings.`,
  exit: 2,
})

export interface SettingsChange {
  /** Every setting that has a value, in the order of the module. */
  values: Record<string, string | number | boolean>
  /** Required settings that have none. */
  missing: string[]
}

/**
 * Change the settings of a module.
 * @param present - what stands in the settings file; members that the module does not know are refused
 * @param set - texts by name, read as the types say
 * @param unset - settings that go back to their default
 * @throws MODULE_SETTINGS
 */
export function changeModuleSettings(
  ref: string,
  { fields }: ModuleSettings,
  present: Readonly<Record<string, unknown>>,
  set: Readonly<Record<string, string>>,
  unset: readonly string[],
): SettingsChange {
  const inFile = Object.entries(fields).filter(([, { environment }]) => !environment)
  const names = inFile.map(([name]) => name)
  const problems = [...new Set([...Object.keys(present), ...Object.keys(set), ...unset])].flatMap((name) => {
    if (names.includes(name)) return []
    if (Object.hasOwn(fields, name)) return [`${name} stands in the environment and is never written to a file`]
    return [`there is no setting ${name}${didYouMean(name, names) ? ` (${didYouMean(name, names)})` : ''}; allowed: ${names.join(', ') || 'none'}`]
  })
  const values: SettingsChange['values'] = {}
  const missing: string[] = []
  for (const [name, { type, default: standard, required }] of inFile) {
    const kept = unset.includes(name) || !Object.hasOwn(present, name) ? standard : present[name]
    const value = Object.hasOwn(set, name) ? typed(type, set[name]!) : kept
    if (value === undefined) {
      if (required) missing.push(name)
    } else if (typeof value !== type) problems.push(`${name} must be a ${type === 'string' ? 'text' : type}, and is ${JSON.stringify(value)}`)
    else values[name] = value as string | number | boolean
  }
  if (problems.length > 0) throw settingsWrong({ ref, problems })
  return { values, missing }
}

function typed(type: 'string' | 'number' | 'boolean', text: string): unknown {
  if (type === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  return type === 'boolean' && (text === 'true' || text === 'false') ? text === 'true' : text
}
