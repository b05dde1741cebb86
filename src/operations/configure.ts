import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { changeModuleSettings } from '../core/module-settings.ts'
import { isSettings, type Settings } from '../core/settings.ts'
import { defineOperation } from './operation.ts'
import { addToSite, adopter, findItem } from './site-item.ts'
import { refreshSources } from './asset-change.ts'

const noSettings = defineError('MODULE_WITHOUT_SETTINGS', {
  summary: 'configure was given a module that has no settings.',
  message: (d: { ref: string }) => `${d.ref} has no settings.`,
  hint: () => 'A module declares them in configuration: docs/library.md.',
  exit: 2,
})
const settingsBroken = defineError('MODULE_SETTINGS_FILE', {
  summary: 'The file with the settings of a module is no JSON group.',
  message: (d: { file: string }) => `${d.file} is no JSON group of settings.`,
  hint: () => 'Mend it, or delete it and configure the module anew.',
})
const settingsMissing = defineError('MODULE_SETTINGS_MISSING', {
  summary: 'A module still lacks settings that it requires; those that were given are written.',
  message: (d: { ref: string; missing: readonly string[] }) => `${d.ref} still needs ${d.missing.join(', ')}.`,
  hint: (d) => `assetloom configure ${d.ref} ${d.missing.map((name) => `--set ${name}=…`).join(' ')}`,
})

const value = z.union([z.string(), z.number(), z.boolean()])

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('Id of a module; also of the starter library.'),
    site: z.string().optional().describe('Id of the site. Default: the only one, or the project itself.'),
    set: z.record(z.string(), z.string()).default({}).describe('Value of a setting.'),
    unset: z.array(z.string()).default([]).describe('Settings that go back to their default, separated by commas.'),
    dryRun: z.boolean().default(false).describe('Say what would be written, change nothing.'),
  }),
  output: z.object({
    ref: z.string(),
    site: z.string().nullable(),
    file: z.string().describe('Where the settings stand, relative to the root.'),
    values: z.record(z.string(), value),
    missing: z.array(z.string()).describe('Required settings without a value.'),
    environment: z.array(z.object({ name: z.string(), isSet: z.boolean() })).describe('Settings that stand in the environment.'),
    isWritten: z.boolean(),
    isDryRun: z.boolean(),
  }),
  positional: ['ref', 'site'],
  effect: 'write',
  example: 'assetloom configure modules/blog/posts --set title="Notes from the bakery"',
  async run(input, { workspace }) {
    const found = await findItem('configure', input.ref, workspace)
    const { ref, item, kind, version } = found
    const settings = kind.configure!(item)
    if (Object.keys(settings.fields).length === 0) throw noSettings({ ref })
    const sites = await workspace.sites()
    const site = sites.find(input.site)
    const path = sites.pathIn(site?.root ?? '.', settings.target)
    const file = sites.shown(path)
    const isAsked = Object.keys(input.set).length + input.unset.length > 0
    const hasFile = Object.values(settings.fields).some(({ environment }) => !environment)
    const adopt = await adopter(found.adopted, workspace)
    const done = sites.change(input.dryRun || !isAsked, (change) => {
      adopt(change)
      const present = readSettings(sites.bytesAt(path), file)
      const result = changeModuleSettings(ref, settings, present, input.set, input.unset)
      const bytes = new TextEncoder().encode(`${JSON.stringify(result.values, null, 2)}\n`)
      const isWritten = isAsked && hasFile && JSON.stringify(present) !== JSON.stringify(result.values)
      if (isWritten) change.place(path, bytes)
      const now = sites.all(change.file).find(({ id }) => id === site?.id)
      if (isAsked && now) addToSite(change.file, now, { ref, kind: kind.name, version }, false)
      return { ...result, isWritten }
    })
    if (!input.dryRun && isAsked && found.adopted.length > 0) await refreshSources(workspace)
    const environment = Object.entries(settings.fields).flatMap(([name, one]) =>
      one.environment ? [{ name, isSet: workspace.options.environmentNames.has(name) }] : [],
    )
    return { ref, site: site?.id ?? null, file, ...done, environment, isDryRun: input.dryRun }
  },
  verdict: ({ ref, missing }, { set, unset }) =>
    missing.length > 0 && Object.keys(set).length + unset.length > 0 ? settingsMissing({ ref, missing }) : undefined,
  present: ({ ref, file, values, missing, environment, isWritten, isDryRun }) =>
    [
      isWritten ? `${isDryRun ? 'Would write' : '✓'} ${file}` : ref,
      ...Object.entries(values).map(([name, one]) => `  ${name}: ${JSON.stringify(one)}`),
      ...missing.map((name) => `! ${name} is required and has no value`),
      ...environment.map(({ name, isSet }) => `${isSet ? '✓' : '!'} ${name} ${isSet ? 'is set' : 'is not set'} in the environment`),
    ].join('\n'),
})

function readSettings(bytes: Uint8Array | undefined, file: string): Settings {
  if (!bytes) return {}
  try {
    const read = JSON.parse(new TextDecoder().decode(bytes)) as unknown
    if (isSettings(read)) return read
  } catch {
    // Told below.
  }
  throw settingsBroken({ file }, { location: { file } })
}
