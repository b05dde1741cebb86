import { canonicalJson } from './digest.ts'
import { defineError } from './errors.ts'

/* Settings as configuration files hold them: nested groups of JSON values, merged in layers. */

/** A group of settings; made without a prototype, so that no name can reach an object's own machinery. */
export type Settings = Readonly<Record<string, unknown>>

const keyRefused = defineError('SETTING_REFUSED', {
  summary: 'A setting has a name that no setting may have, or no value.',
  message: (d: { setting: string; why: string }) => `${JSON.stringify(d.setting)} is no setting: ${d.why}.`,
  hint: () => 'Write key=value; groups are joined by dots, e.g. openGraph.imageWidthPx=1200.',
  exit: 2,
})

const forbidden = new Set(['__proto__', 'constructor', 'prototype'])
/** Deepest nesting of settings. */
const maxDepth = 24

function requireName(name: string, path: readonly string[]): void {
  if (name === '' || forbidden.has(name))
    throw keyRefused({ setting: [...path, name].join('.'), why: `${JSON.stringify(name)} can be no name` })
}

export function isSettings(value: unknown): value is Settings {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/**
 * Lay one group of settings over another: groups are merged, everything else is replaced.
 * @returns a group of its own, without prototype down to the last one
 * @throws SETTING_REFUSED for `__proto__`, `constructor` and `prototype`
 */
export function mergeSettings(base: Settings, over: Settings, path: readonly string[] = []): Settings {
  if (path.length > maxDepth) throw keyRefused({ setting: path.join('.'), why: `it is nested deeper than ${maxDepth} levels` })
  const merged = Object.create(null) as Record<string, unknown>
  for (const layer of [base, over])
    for (const [name, value] of Object.entries(layer)) {
      requireName(name, path)
      const below = merged[name]
      merged[name] = isSettings(value) ? mergeSettings(isSettings(below) ? below : {}, value, [...path, name]) : value
    }
  return merged
}

/**
 * Bring a new state of a preset into settings that were made of an older state: what was changed here stays, what was
 * not follows the preset.
 * @param base - the preset as it was applied
 */
export function followPreset(base: Settings, ours: Settings, theirs: Settings): Settings {
  const followed = Object.create(null) as Record<string, unknown>
  for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const [was, is, willBe] = [base, ours, theirs].map((one) => (Object.hasOwn(one, name) ? one[name] : undefined))
    const value =
      isSettings(is) && isSettings(willBe)
        ? followPreset(isSettings(was) ? was : {}, is, willBe)
        : canonicalJson(is) === canonicalJson(was)
          ? willBe
          : is
    if (value !== undefined) followed[name] = value
  }
  return followed
}

export interface SettingChange {
  /** `openGraph.type` */
  setting: string
  before?: unknown
  after: unknown
}

/** What a merge changes, by the path of each value. */
export function changedSettings(before: Settings, after: Settings, path: readonly string[] = []): SettingChange[] {
  return Object.entries(after).flatMap(([name, value]): SettingChange[] => {
    const old = Object.hasOwn(before, name) ? before[name] : undefined
    const at = [...path, name]
    if (isSettings(value) && isSettings(old)) return changedSettings(old, value, at)
    if (canonicalJson(old) === canonicalJson(value)) return []
    return [{ setting: at.join('.'), ...(old !== undefined && { before: old }), after: value }]
  })
}

/**
 * `{ "openGraph.type": "article" }` as a group of settings. A value that is JSON is that value, everything else a text.
 * @throws SETTING_REFUSED
 */
export function settingsOf(given: Readonly<Record<string, string>>): Settings {
  let settings: Settings = Object.create(null) as Settings
  for (const [setting, text] of Object.entries(given)) {
    const path = setting.split('.')
    path.forEach((name, i) => requireName(name, path.slice(0, i)))
    settings = mergeSettings(settings, path.reduceRight<unknown>((value, name) => ({ [name]: value }), readValue(text)) as Settings)
  }
  return settings
}

/** `12`, `true`, `null`, `["a"]` and `"12"` as JSON has them; everything else is a text. */
export function readValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** Settings without the ones that dotted names stand for; groups that become empty go too. */
export function withoutSettings(settings: Settings, names: readonly string[]): Settings {
  const drop = (group: Settings, [name, ...rest]: readonly string[]): Settings => {
    const kept = Object.entries(group).flatMap(([key, value]): [string, unknown][] => {
      if (key !== name) return [[key, value]]
      if (rest.length === 0 || !isSettings(value)) return []
      const inner = drop(value, rest)
      return Object.keys(inner).length > 0 ? [[key, inner]] : []
    })
    return Object.assign(Object.create(null) as Record<string, unknown>, Object.fromEntries(kept))
  }
  return names.reduce((left, name) => drop(left, name.split('.')), settings)
}
