import { defineError } from './errors.ts'
import { isSettings, type Settings } from './settings.ts'

const notToml = defineError('TOML_VALUE', {
  summary: 'A setting has a value that TOML cannot hold.',
  message: (d: { setting: string; value: string }) => `${d.setting} is ${d.value}, which TOML cannot hold.`,
  hint: () => 'Leave the setting out.',
  exit: 2,
})

/**
 * Settings as TOML 1.0: values before tables, lists of groups as arrays of tables.
 * @throws TOML_VALUE for null
 */
export function tomlText(settings: Settings): string {
  return `${tableLines(settings, []).join('\n').replace(/^\n+/, '')}\n`
}

function tableLines(table: Settings, path: readonly string[]): string[] {
  const entries = Object.entries(table).filter(([, value]) => value !== undefined)
  const isTables = (value: unknown): value is Settings[] => Array.isArray(value) && value.length > 0 && value.every(isSettings)
  const values = entries.filter(([, value]) => !isSettings(value) && !isTables(value))
  return [
    ...values.map(([name, value]) => `${keyText(name)} = ${valueText(value, [...path, name])}`),
    ...entries.flatMap(([name, value]) => {
      const at = [...path, name]
      const title = at.map(keyText).join('.')
      if (isSettings(value)) return ['', `[${title}]`, ...tableLines(value, at)]
      return isTables(value) ? value.flatMap((one) => ['', `[[${title}]]`, ...tableLines(one, at)]) : []
    }),
  ]
}

const keyText = (name: string) => (/^[A-Za-z0-9_-]+$/.test(name) ? name : stringText(name))

/** JSON's escapes are TOML's too, but for DEL. */
const stringText = (text: string) => JSON.stringify(text).replaceAll('\u007f', '\\u007f')

function valueText(value: unknown, path: readonly string[]): string {
  if (typeof value === 'string') return stringText(value)
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value)
  if (Array.isArray(value)) return `[${value.map((one, i) => valueText(one, [...path, String(i)])).join(', ')}]`
  if (isSettings(value)) return `{ ${Object.entries(value).map(([name, one]) => `${keyText(name)} = ${valueText(one, [...path, name])}`).join(', ')} }`
  throw notToml({ setting: path.join('.'), value: String(value) })
}
