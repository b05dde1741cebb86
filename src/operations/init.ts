import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import * as z from 'zod'
import { parseJsonc } from '../core/jsonc.ts'
import {
  configText,
  editorSettings,
  envText,
  exampleSpecText,
  familyFromName,
  gitignoreLine,
  hostConfigLines,
  ignoresHome,
  packageScripts,
  viteConfigText,
  withAssetloom,
  type HostConfigKind,
} from '../core/project-texts.ts'
import { requireWord } from '../core/token.ts'
import { envFilePlace } from '../core/tsconfig-scope.ts'
import type { Workspace } from '../workspace.ts'
import { refreshSources } from './asset-change.ts'
import { faces, operations } from './index.ts'
import { defineOperation, type OperationContext } from './operation.ts'
import { tsconfigScopes } from './read-tsconfigs.ts'

const stepSchema = z.object({
  file: z.string().describe('Relative to the project.'),
  state: z.enum(['done', 'present', 'todo']).describe('Written now, there already, or left to you.'),
  what: z.string(),
})
type Step = z.output<typeof stepSchema>

/** What a step needs to look and, unless it is a dry run, to write. */
interface Project {
  root: string
  workspace: Workspace
  isDryRun: boolean
  steps: Step[]
}

export default defineOperation({
  input: z.strictObject({
    family: z
      .record(z.string(), z.string().min(1))
      .optional()
      .describe('Family and display name, e.g. ACME="Acme". Default: from the package name.'),
    scripts: z.boolean().default(true).describe('Add an asset:* script for every command to package.json; a script that is there stays.'),
    editor: z.boolean().default(false).describe('Keep asset imports out of auto-import suggestions in VS Code.'),
    dryRun: z.boolean().default(false).describe('Tell what would be done, change nothing.'),
  }),
  output: z.object({ steps: z.array(stepSchema), families: z.record(z.string(), z.string()), isDryRun: z.boolean() }),
  effect: 'write',
  example: 'assetloom init --family ACME="Acme"',
  async run(input, context) {
    const { workspace } = context
    const { root } = workspace.options
    const project: Project = { root, workspace, isDryRun: input.dryRun, steps: [] }
    for (const family of Object.keys(input.family ?? {})) requireWord('family', family)
    const families = chosenFamilies(input.family, workspace)

    writeConfig(project, families)
    writeManifest(project)
    writeExample(project, Object.keys(families)[0]!)
    const env = envFilePlace(tsconfigScopes(root))
    writeNew(project, env, envText(env), 'the types of every asset import')
    writeGitignore(project)
    if (input.scripts) writeScripts(project)
    if (input.editor) writeEditorSettings(project)
    await joinHost(project, context)
    if (!input.dryRun) await refreshSources(workspace)
    return { steps: project.steps, families, isDryRun: input.dryRun }
  },
  present({ steps, isDryRun }) {
    const mark = { done: isDryRun ? '›' : '✓', present: '·', todo: '!' }
    return [
      ...steps.map(
        ({ file, state, what }) => `${mark[state]} ${file}: ${state === 'present' ? `${what}, there already` : what}`,
      ),
      ...(isDryRun ? ['Nothing was changed (--dry-run).'] : []),
      'Next: assetloom import <files> --category Logos, or assetloom generate. In CI run assetloom types before tsc.',
    ].join('\n')
  },
})

function chosenFamilies(given: Record<string, string> | undefined, workspace: Workspace): Record<string, string> {
  if (given && Object.keys(given).length > 0) return given
  const declared = workspace.options.tokens.families
  if (Object.keys(declared).length > 0) return { ...declared }
  const { root } = workspace.options
  const { family, displayName } = familyFromName(packageJson(root)?.name ?? basename(root))
  return { [family]: displayName }
}

function packageJson(
  root: string,
): { name?: string; scripts?: Record<string, string>; dependencies?: object; devDependencies?: object } | undefined {
  const text = textOf(join(root, 'package.json'))
  const value = text === undefined ? undefined : parseJsonc(text)
  return value !== null && typeof value === 'object' ? value : undefined
}

const textOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)

function tell({ steps }: Project, file: string, state: Step['state'], what: string): void {
  steps.push({ file, state, what })
}

/** Write a file that is not there yet; one that is stays as it is. */
function writeNew(project: Project, file: string, text: string, what: string): void {
  const path = join(project.root, file)
  if (existsSync(path)) return tell(project, file, 'present', what)
  if (!project.isDryRun) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text, { flag: 'wx' })
  }
  tell(project, file, 'done', what)
}

function rewrite(project: Project, file: string, text: string, what: string): void {
  if (!project.isDryRun) project.workspace.writeVerified(join(project.root, file), new TextEncoder().encode(text))
  tell(project, file, 'done', what)
}

function writeConfig(project: Project, families: Record<string, string>): void {
  const { configFile } = project.workspace.options
  if (configFile === undefined)
    return writeNew(project, 'assetloom.config.ts', configText(families, hasPackage(project.root)), 'the options')
  tell(project, configFile, 'present', 'the options')
  const declared = project.workspace.options.tokens.families
  const missing = Object.entries(families).filter(([family]) => !(family in declared))
  if (missing.length > 0)
    tell(
      project,
      configFile,
      'todo',
      `add under tokens.families: ${missing.map(([family, name]) => `${family}: ${JSON.stringify(name)}`).join(', ')}`,
    )
}

function hasPackage(root: string): boolean {
  try {
    createRequire(join(root, 'package.json')).resolve('assetloom/package.json')
    return true
  } catch {
    return false
  }
}

function writeManifest(project: Project): void {
  const { manifest, options } = project.workspace
  const file = `${options.assetsDir}/manifest.json`
  if (manifest.exists()) return tell(project, file, 'present', 'what exists')
  if (!project.isDryRun) manifest.update(() => undefined)
  tell(project, file, 'done', 'what exists: commit it')
}

function writeExample(project: Project, family: string): void {
  const { specsDir } = project.workspace.options
  const folder = join(project.root, specsDir)
  const hasSpecs =
    existsSync(folder) &&
    readdirSync(folder, { recursive: true }).some((name) => /\.(?:ya?ml|json)$/i.test(String(name)))
  if (hasSpecs) return tell(project, specsDir, 'present', 'how assets are made')
  writeNew(
    project,
    `${specsDir}/example.yaml`,
    exampleSpecText(family),
    'an example of how an asset is made, free of charge',
  )
}

function writeGitignore(project: Project): void {
  const text = textOf(join(project.root, '.gitignore'))
  if (text !== undefined && ignoresHome(text)) return tell(project, '.gitignore', 'present', gitignoreLine)
  const eol = text?.includes('\r\n') ? '\r\n' : '\n'
  const before = text === undefined || text === '' ? '' : `${text.replace(/\r?\n?$/, '')}${eol}${eol}`
  rewrite(project, '.gitignore', `${before}# Caches and state of Assetloom${eol}${gitignoreLine}${eol}`, gitignoreLine)
}

function writeScripts(project: Project): void {
  const file = 'package.json'
  const text = textOf(join(project.root, file))
  if (text === undefined) return
  const parsed = packageJson(project.root)
  const missing = Object.entries(packageScripts([...operations, ...faces].map(({ name }) => name))).filter(([name]) => parsed?.scripts?.[name] === undefined)
  if (parsed && missing.length === 0) return tell(project, file, 'present', 'the asset:* scripts')
  const changed = parsed && withMembers(text, { scripts: { ...parsed.scripts, ...Object.fromEntries(missing) } })
  if (changed === undefined) return tell(project, file, 'todo', 'add scripts such as "asset:list": "assetloom list"')
  rewrite(project, file, changed, `${missing.length} asset:* scripts`)
}

function writeEditorSettings(project: Project): void {
  const file = '.vscode/settings.json'
  const text = textOf(join(project.root, file))
  const parsed = text === undefined ? {} : (parseJsonc(text) as Record<string, unknown> | undefined)
  const missing = Object.fromEntries(Object.entries(editorSettings).filter(([name]) => parsed?.[name] === undefined))
  if (parsed && Object.keys(missing).length === 0)
    return tell(project, file, 'present', 'asset imports kept out of auto-import')
  if (text === undefined)
    return writeNew(project, file, `${JSON.stringify(missing, null, 2)}\n`, 'asset imports kept out of auto-import')
  const changed = withMembers(text, missing)
  if (changed === undefined) return tell(project, file, 'todo', `add ${JSON.stringify(missing).slice(1, -1)}`)
  rewrite(project, file, changed, 'asset imports kept out of auto-import')
}

/** JSON text with members set, in its own indent; undefined when it has comments, which would be lost. */
function withMembers(text: string, members: Record<string, unknown>): string | undefined {
  try {
    const value = JSON.parse(text) as Record<string, unknown>
    const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  '
    const eol = text.includes('\r\n') ? '\r\n' : '\n'
    return `${JSON.stringify({ ...value, ...members }, null, indent)}\n`.replaceAll('\n', eol)
  } catch {
    return undefined
  }
}

/** The plugin in the host's config: written there when the config is an untouched template's and the user agrees. */
async function joinHost(project: Project, context: OperationContext): Promise<void> {
  const { root } = project
  const confirm = async (question: string) =>
    (project.isDryRun && context.isInteractive) || (await context.confirm(question, 'yes'))
  const find = (kind: string) =>
    ['ts', 'mts', 'js', 'mjs', 'cts', 'cjs']
      .map((extension) => `${kind}.config.${extension}`)
      .find((name) => existsSync(join(root, name)))
  const astro = find('astro')
  const file = astro ?? find('vite')
  const kind: HostConfigKind = astro ? 'astro' : 'vite'
  const [importLine, member] = hostConfigLines(kind) as [string, string]
  if (!file) {
    const { dependencies, devDependencies } = packageJson(root) ?? {}
    if (!('vite' in { ...dependencies, ...devDependencies })) return
    const name = existsSync(join(root, 'tsconfig.json')) ? 'vite.config.ts' : 'vite.config.js'
    if (await confirm(`Write ${name} with the plugin?`)) return writeNew(project, name, viteConfigText, 'the plugin')
    return tell(project, name, 'todo', `write ${importLine} and export default { ${member} }`)
  }
  const text = readFileSync(join(root, file), 'utf8')
  if (/['"]assetloom\/(?:vite|astro)['"]/.test(text)) return tell(project, file, 'present', 'the plugin')
  const changed = withAssetloom(text, kind)
  if (changed !== undefined && (await confirm(`Add the plugin to ${file}?`)))
    return rewrite(project, file, changed, 'the plugin')
  tell(project, file, 'todo', `add ${importLine} and ${member}`)
}
