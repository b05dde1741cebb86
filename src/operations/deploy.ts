import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import type { Deployment } from '../core/kinds/kind.ts'
import { mergeSettings, type Settings } from '../core/settings.ts'
import { splitCommand } from '../core/split-command.ts'
import { placePlatform, platformPlace } from './apply-file.ts'
import { defineOperation, type OperationContext } from './operation.ts'
import { runProgram } from './run-program.ts'
import { adopter, findItem } from './site-item.ts'
import { writtenFileSchema, writtenLine } from './site-files.ts'

const variablesMissing = defineError('DEPLOY_VARIABLES', {
  summary: 'The environment lacks variables that a deployment needs.',
  message: (d: { ref: string; missing: readonly string[] }) => `${d.ref} needs variables that are not set: ${d.missing.join(', ')}.`,
  hint: () => 'Set them in the environment; their values are never read into a file or shown.',
})
const programFailed = defineError('DEPLOY_FAILED', {
  summary: 'A program of a deployment failed; nothing after it was run.',
  message: (d: { command: string; why: string }) => `${d.command} failed: ${d.why}.`,
  hint: () => 'Run it by itself in the folder of the site.',
})
const outputMissing = defineError('DEPLOY_OUTPUT', {
  summary: 'The build of a deployment left no files where they should be.',
  message: (d: { folder: string }) => `After the build there is nothing in ${d.folder}.`,
  hint: () => 'buildSettings.output of the item names the folder that the build writes.',
})

const steps = ['build', 'deploy'] as const

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('Id of a configs/deployment item; also of the starter library.'),
    site: z.string().optional().describe('Id of the site. Default: the only one, or the project itself.'),
    force: z.boolean().default(false).describe("Write over the platform's file when it was edited by hand."),
    dryRun: z.boolean().default(false).describe('Show the file and the commands; write and run nothing.'),
  }),
  output: z.object({
    ref: z.string(),
    site: z.string().nullable(),
    files: z.array(writtenFileSchema),
    text: z.string().optional().describe('What the file of the platform holds.'),
    commands: z.array(z.object({ step: z.enum(steps), command: z.string(), isRun: z.boolean() })),
    missingVariables: z.array(z.string()).describe('Names that the environment does not have; only with --dry-run is that no error.'),
    next: z.string().optional().describe("The platform's own command, for you to run."),
    isDryRun: z.boolean(),
  }),
  positional: ['ref', 'site'],
  effect: 'write',
  isDestructive: ({ dryRun }) => !dryRun,
  example: 'assetloom deploy configs/deployment/cloudflare/static-site --dry-run',
  async run(input, context) {
    const { workspace } = context
    const found = await findItem('deploy', input.ref, workspace)
    const { ref, item, kind } = found
    const sites = await workspace.sites()
    const site = sites.find(input.site)
    const root = site?.root ?? '.'
    const plan = kind.deploy!(item)
    const commands = commandsOf(plan)
    const missing = plan.variables.filter((name) => !workspace.options.environmentNames.has(name))
    if (missing.length > 0 && !input.dryRun) throw variablesMissing({ ref, missing })

    const application = kind.apply!(item, { target: undefined, form: undefined, values: {}, config: mergeSettings({}, item.fields.config as Settings) })
    const platform = application.to === 'platform' ? { application, ...platformPlace(application.names, site?.id ?? '.', ref, sites) } : undefined
    const adopt = await adopter(found.adopted, workspace)
    const files = sites.change(input.dryRun, (change) => {
      adopt(change)
      return platform ? placePlatform(platform.application, platform.file, change, { found, sites }, input.force) : []
    })
    const folder = join(workspace.paths.root, root)
    if (!input.dryRun)
      for (const { step, argv, command } of commands) {
        await runStep(command, argv, folder, plan.variables, context)
        if (step === 'build' && plan.output !== undefined) requireOutput(folder, plan.output)
      }
    return {
      ref,
      site: site?.id ?? null,
      files,
      ...(platform && { text: platform.application.text(platform.file) }),
      commands: commands.map(({ step, command }) => ({ step, command, isRun: !input.dryRun })),
      missingVariables: missing,
      ...(plan.upload === undefined && plan.advice !== undefined && { next: root === '.' ? plan.advice : `cd ${root} && ${plan.advice}` }),
      isDryRun: input.dryRun,
    }
  },
  present: ({ files, text, commands, missingVariables, next, isDryRun }) =>
    [
      ...(isDryRun ? ['Nothing is written, run or uploaded.'] : []),
      ...files.map(writtenLine),
      ...(isDryRun && text !== undefined ? text.trimEnd().split('\n').map((line) => `  ${line}`) : []),
      ...missingVariables.map((name) => `! ${name} is not set in the environment`),
      ...commands.map(({ step, command, isRun }) => `${isRun ? '✓' : '·'} ${step}: ${command}`),
      ...(next === undefined ? [] : [`  To upload: ${next}`]),
    ].join('\n'),
})

/** Every command is read before the first runs. @throws COMMAND_REFUSED */
function commandsOf({ build, upload }: Deployment) {
  return ([['build', build], ['deploy', upload]] as const).flatMap(([step, command]) =>
    command === undefined ? [] : [{ step, command, argv: splitCommand(command) }],
  )
}

/** @param variables - names whose values no message shows */
async function runStep(
  command: string,
  argv: [string, ...string[]],
  cwd: string,
  variables: readonly string[],
  { workspace, signal, progress }: OperationContext,
): Promise<void> {
  progress.start(1, command)
  const { code, output, fault } = await runProgram(argv, { cwd, signal }).finally(() => progress.stop())
  signal.throwIfAborted()
  if (code === 0) return
  const why = fault ?? (code === null ? 'it was ended by a signal' : `it ended with code ${code}`)
  const end = workspace.options.withoutValuesOf(variables, output.trim().split('\n').slice(-15).join('\n'))
  throw programFailed({ command, why: end ? `${why}; it wrote last:\n${end}\n` : why })
}

function requireOutput(folder: string, output: string): void {
  const path = join(folder, output)
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory() || readdirSync(path).length === 0) throw outputMissing({ folder: output })
}
