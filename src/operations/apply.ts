import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import type { Application } from '../core/kinds/kind.ts'
import { effectiveSettings } from '../core/site.ts'
import { mergeSettings, settingsOf, type Settings } from '../core/settings.ts'
import type { Workspace, WorkspaceSites } from '../workspace.ts'
import { refreshSources } from './asset-change.ts'
import { applySite } from './apply-site.ts'
import { applyPlatform, applySettings, applyStyle, applyStylesheet } from './apply-file.ts'
import { defineOperation } from './operation.ts'
import { adopter, findItem, type FoundSiteItem } from './site-item.ts'
import { precompileAfter, precompiledSchema } from './site-cache.ts'
import { writtenFileSchema, writtenLine } from './site-files.ts'

const wishForeign = defineError('APPLY_OPTION', {
  summary: 'apply was given an option that does not go with the kind of the asset, or with what it is applied as.',
  message: (d: { ref: string; option: string; to: string; allowed: readonly string[] }) =>
    `${d.option} does not go with ${d.ref}, which is applied to ${d.to}; allowed: ${d.allowed.join(', ')}.`,
  exit: 2,
})
const notForSite = defineError('CONFIG_NOT_FOR_SITE', {
  summary: 'Settings were to be applied to a site that they are not for.',
  message: (d: { ref: string; site: string; sites: readonly string[] }) => `${d.ref} applies to ${d.sites.join(', ')}, and not to ${d.site}.`,
  hint: () => 'Add the site to appliesTo of the item.',
  exit: 2,
})

const changeSchema = z.object({ setting: z.string(), before: z.unknown().optional(), after: z.unknown() })

const outputSchema = z.object({
  ref: z.string(),
  to: z.enum(['stylesheet', 'spec', 'settings', 'site', 'platform']),
  site: z.string().nullable().describe('The site that the target belongs to.'),
  files: z.array(writtenFileSchema),
  changed: z.array(changeSchema).describe('Settings that have another value now.'),
  isListed: z.boolean().describe('It was added to the list of the site.'),
  added: z.array(z.string()).describe('Recommended assets that the site has now.'),
  missing: z.array(z.string()).describe('Recommended assets that neither the project nor the starter library has.'),
  adopted: z.array(z.string()).describe('Items of the starter library that the project now has.'),
  isDryRun: z.boolean(),
  precompiled: precompiledSchema,
})
export type ApplyOutput = z.output<typeof outputSchema>

const inputSchema = z.strictObject({
  ref: z.string().min(1).describe('Id of design tokens, a style prompt or a config; also of the starter library.'),
  target: z.string().min(1).optional().describe('A file relative to the root, or the id of a site.'),
  form: z.enum(['css', 'scss', 'tailwind', 'dtcg']).optional().describe('Design tokens: what is written. Default: by the ending of the target, else css.'),
  prop: z.record(z.string(), z.string()).default({}).describe('Style prompts: value of a parameter.'),
  spec: z.string().optional().describe('Style prompts: id of the spec, when the file holds several.'),
  set: z.record(z.string(), z.string()).default({}).describe('Configs: another value of a setting, e.g. build.minify=false.'),
  at: z.string().optional().describe('Configs: the group of the target file that they go into, e.g. site.seo.'),
  site: z.string().optional().describe('Configs: the site whose overrides hold. Default: the one that the target lies in.'),
  root: z.string().optional().describe('Site templates: folder of a new site. Default: sites/<id>.'),
  repin: z.boolean().default(false).describe('In a site that pins versions: take the present version.'),
  force: z.boolean().default(false).describe('Write over what was edited by hand.'),
  dryRun: z.boolean().default(false).describe('Say what would be written, change nothing.'),
})
export type ApplyInput = z.output<typeof inputSchema>

/** What an application works on. */
export interface Applying {
  input: ApplyInput
  found: FoundSiteItem
  /** Settings given with --set. */
  set: Settings
  workspace: Workspace
  sites: WorkspaceSites
}
export type Applied = Omit<ApplyOutput, 'ref' | 'to' | 'isDryRun' | 'precompiled'>

/** Options that go with each application, beside those of all. */
const options: Readonly<Record<Application['to'], readonly (keyof ApplyInput)[]>> = {
  stylesheet: ['form', 'repin', 'force'],
  spec: ['prop', 'spec', 'repin'],
  settings: ['set', 'at', 'site', 'form'],
  site: ['set', 'root', 'repin'],
  platform: ['set', 'force'],
}

export default defineOperation({
  input: inputSchema,
  output: outputSchema,
  positional: ['ref', 'target'],
  effect: 'write',
  paths: ({ target, root }) => [target, root],
  isDestructive: ({ force, dryRun }) => force && !dryRun,
  example: 'assetloom apply design-tokens/colors/calm src/styles/tokens.css',
  async run(input, context) {
    const { workspace } = context
    const found = await findItem('apply', input.ref, workspace)
    const { ref, item, kind } = found
    const sites = await workspace.sites()
    const set = settingsOf(input.set)
    const application = kind.apply!(item, {
      target: input.target,
      form: input.form,
      values: input.prop,
      config: isConfig(item) ? mergeSettings(settingsFor(input, found, sites), set) : set,
    })
    requireOptions(ref, application.to, input)
    const applying: Applying = { input, found, set, workspace, sites }
    const applied = await carryOut(application, applying)
    if (!input.dryRun && applied.adopted.length > 0) await refreshSources(workspace)
    if (!input.dryRun) workspace.counters.add(ref, 'usageCount')
    const precompiled = input.dryRun ? {} : await precompileAfter(applied.site, context)
    return { ref, to: application.to, ...applied, isDryRun: input.dryRun, ...precompiled }
  },
  present: ({ ref, site, files, changed, isListed, added, missing, adopted, isDryRun, precompiled }) =>
    [
      ...(isDryRun ? ['Nothing is changed.'] : []),
      ...adopted.map((one) => `✓ ${one}  from the starter library`),
      ...files.map(writtenLine),
      ...changed.map(({ setting, before, after }) => `  ${setting}: ${before === undefined ? '' : `${JSON.stringify(before)} → `}${JSON.stringify(after)}`),
      ...(isListed ? [`✓ ${ref} is in the list of the site ${site}`] : []),
      ...added.map((one) => `✓ ${site} has ${one}`),
      ...missing.map((one) => `! ${one} is recommended, and is neither in the project nor in the starter library`),
      ...(precompiled ? [`  ${precompiled} pictures of ${site} made`] : []),
    ].join('\n'),
})

const isConfig = (item: { fields: object }): boolean => 'config' in item.fields

/** The settings of an item with the layers of the project and of the site. @throws CONFIG_NOT_FOR_SITE, SITE_UNKNOWN */
function settingsFor({ site, target }: ApplyInput, { ref, item }: FoundSiteItem, sites: WorkspaceSites): Settings {
  const named = site ?? (target !== undefined && sites.all().some(({ id }) => id === target) ? target : undefined)
  const id = named === undefined ? target && sites.around(sites.pathIn('.', target))?.id : sites.find(named)!.id
  const { config, appliesTo, overrides } = item.fields as { config: Settings; appliesTo?: string[]; overrides?: { site: string; config: Settings }[] }
  if (id !== undefined && appliesTo && !appliesTo.includes(id)) throw notForSite({ ref, site: id, sites: appliesTo })
  return effectiveSettings(ref, { config, overrides }, sites.read(), id)
}

function requireOptions(ref: string, to: Application['to'], input: ApplyInput): void {
  const every = Object.values(options).flat()
  const isGiven = (option: keyof ApplyInput) => {
    const value = input[option]
    return value !== undefined && value !== false && !(typeof value === 'object' && Object.keys(value).length === 0)
  }
  const foreign = every.find((option) => isGiven(option) && !options[to].includes(option))
  const names = { stylesheet: 'a style sheet', spec: 'a spec', settings: 'a settings file', site: 'a site', platform: 'the file of a platform' }
  if (foreign) throw wishForeign({ ref, option: `--${foreign}`, to: names[to], allowed: [...options[to], 'dryRun'].map((one) => `--${one === 'dryRun' ? 'dry-run' : one}`) })
}

async function carryOut(application: Application, applying: Applying): Promise<Applied> {
  const adopt = await adopter(applying.found.adopted, applying.workspace)
  switch (application.to) {
    case 'stylesheet':
      return applyStylesheet(application, applying, adopt)
    case 'spec':
      return applyStyle(application, applying, adopt)
    case 'settings':
      return applySettings(application, applying, adopt)
    case 'platform':
      return applyPlatform(application, applying, adopt)
    case 'site':
      return applySite(application, applying, adopt)
  }
}
