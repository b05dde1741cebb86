import { resolve } from 'node:path'
import { statSync } from 'node:fs'
import { defineError, toAssetloomError, type AssetloomError } from '../core/errors.ts'
import type { Entry } from '../core/manifest.ts'
import type { Redactor } from '../core/redact.ts'
import type { Operation, OperationContext } from '../operations/operation.ts'
import type { Workspace } from '../workspace.ts'
import { overview } from './help.ts'
import type { CommonFlags } from './parse-arguments.ts'
import { version } from './version.ts'

const folderMissing = defineError('FOLDER_MISSING', {
  summary: 'The folder given with --cwd does not exist.',
  message: (d: { folder: string }) => `There is no folder ${d.folder}.`,
  hint: () => '--cwd names the folder of the project.',
  exit: 2,
})

const interrupted = defineError('INTERRUPTED', {
  summary: 'The command was stopped by a signal; what was finished is kept.',
  message: () => 'Stopped. What was finished is kept.',
  hint: () => 'Run the command again to go on.',
})

/**
 * Run one command line.
 * @param args - without node and script
 * @returns the exit code
 */
export async function runCli(args: string[]): Promise<number> {
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
  const isJson = options.some((arg) => arg === '--json' || arg.startsWith('--json='))
  const run: Run = { isJson, redact: undefined }
  const first = options.find((arg) => arg !== '--json')
  if (first === undefined ? args.length === 0 : args.every((arg) => ['--help', '-h', 'help', '--json'].includes(arg))) {
    tell(run, { help: overview() }, overview())
    return 0
  }
  if (args.every((arg) => ['--version', '-v', '--json'].includes(arg)) && first !== undefined) {
    tell(run, { version }, version)
    return 0
  }
  try {
    if (first === 'complete') return await runComplete(args.slice(args.indexOf(first) + 1), run)
    return await runCommand(args, run)
  } catch (thrown) {
    return fail(toAssetloomError(thrown), run)
  }
}

/** No operation: it speaks to a shell, and no other face has one. */
async function runComplete(args: string[], run: Run): Promise<number> {
  const { complete, completeHelp } = await import('./complete.ts')
  if (args[0] === '--help' || args[0] === '-h') tell(run, { help: completeHelp }, completeHelp)
  else process.stdout.write(`${(await complete(args)).trimEnd()}\n`)
  return 0
}

/** About ten lines of a terminal. */
const pictureSize = { widthPx: 320, heightPx: 200 }

interface Run {
  isJson: boolean
  /** Once the options are known: keys that stand in them are taken out of errors, too. */
  redact: Redactor | undefined
}

function tell({ isJson }: Run, data: unknown, text: string): void {
  if (isJson) writeDocument({ ok: true, data })
  else process.stdout.write(`${text.trimEnd()}\n`)
}

async function fail(fault: AssetloomError, run: Run, data?: unknown): Promise<number> {
  const redact = run.redact ?? (await import('../options.ts')).environmentRedactor()
  const error = redact.error(fault) as AssetloomError
  if (run.isJson) writeDocument({ ok: false, error, ...(data !== undefined && { data }) })
  else process.stderr.write(`${(await import('./terminal.ts')).errorText(error)}\n`)
  return error.exit
}

function writeDocument(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
}

async function runCommand(args: string[], run: Run): Promise<number> {
  const { isJson } = run
  const { parseArguments, checkInput } = await import('./parse-arguments.ts')
  const parsed = await parseArguments(args)
  if ('help' in parsed) {
    tell(run, parsed, parsed.help)
    return 0
  }
  const { command, row, common } = parsed
  const input = checkInput(command, row.name, parsed.input)
  const root = resolve(common.cwd ?? '.')
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) throw folderMissing({ folder: root })

  const [{ openWorkspace }, { eventText }] = await Promise.all([
    import('../workspace.ts'),
    import('./terminal.ts'),
  ])
  const isTalkative = !isJson && !common.quiet
  const taken = 'speaksOnStdout' in command ? (await import('./own-stdout.ts')).takeStdout() : undefined
  const workspace = await openWorkspace({
    root,
    logLevel: common.logLevel,
    // What an operation reports at the end is its output; on the way only what went wrong is told.
    show: isTalkative
      ? (event) =>
          (event.level === 'warn' || event.level === 'error' || common.logLevel === 'debug') &&
          process.stderr.write(`${eventText(event)}\n`)
      : undefined,
  })
  run.redact = workspace.redact
  const stop = new AbortController()
  const onSignal = () => stop.abort(interrupted({}))
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  try {
    if ('serve' in command) {
      await command.serve(input as never, { workspace, signal: stop.signal, stdout: taken?.stdout ?? process.stdout, announce: (data, text) => tell(run, data, text) })
      return 0
    }
    return await runOperation(command, input, { workspace, signal: stop.signal, run, common, isTalkative })
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    await workspace.close()
    taken?.giveBack()
  }
}

async function runOperation(
  operation: Operation,
  input: Record<string, unknown>,
  { workspace, signal, run, common, isTalkative }: { workspace: Workspace; signal: AbortSignal; run: Run; common: CommonFlags; isTalkative: boolean },
): Promise<number> {
  const { isJson } = run
  const { createProgress, outputText, plainText } = await import('./terminal.ts')
  const isInteractive =
    !isJson && !workspace.options.isCi && process.stdin.isTTY === true && process.stderr.isTTY === true
  const context: OperationContext = {
    workspace,
    signal,
    progress: createProgress(isTalkative && process.stderr.isTTY === true),
    confirm: async (question, preset, shown) => {
      const isAsked = isInteractive && !common.yes
      // What a yes lets in is shown to whoever said it beforehand, too.
      if (shown !== undefined && (isAsked || common.yes)) process.stderr.write(`${plainText(shown)}\n\n`)
      return common.yes || (isAsked && (await import('./confirm.ts')).confirm(question, preset, signal))
    },
    saysYes: common.yes,
    ...(isInteractive && { choose }),
    ...(!common.quiet && { echo: (line: string) => void process.stderr.write(`${plainText(line)}\n`) }),
    readStandardInput: async () => (await import('node:stream/consumers')).text(process.stdin),
    isInteractive,
    paysWithoutBudget: true,
  }
  try {
    workspace.manifest.recover()
    const output = await operation.run(input as never, context)
    const error = operation.verdict?.(output as never, input as never)
    if (isJson) {
      if (error) return await fail(error, run, output)
      writeDocument({ ok: true, data: output })
      return 0
    }
    const shown = operation.pictured?.(output as never)
    if (shown && isTalkative && process.stdout.isTTY && !workspace.options.isWithinMultiplexer) await showPicture(shown, workspace)
    const text = operation.present(output as never, input as never)
    const mayBeLong = operation.effect === 'read' && !common.quiet
    if (text) await showText(`${outputText(text)}\n`, mayBeLong ? workspace.options.pager : [])
    return error ? await fail(error, run) : 0
  } finally {
    context.progress.stop()
  }
}

/** Worth no failure: the text below tells what matters. */
async function showPicture(entry: Entry, workspace: Workspace): Promise<void> {
  const { inlinePicture } = await import('./inline-picture.ts')
  const { thumbnailOf } = await import('../operations/thumbnail.ts')
  const png = await thumbnailOf(entry, workspace, { format: 'png', ...pictureSize }).catch(() => undefined)
  const picture = png && inlinePicture(png, process.stdout)
  if (picture) process.stdout.write(picture)
}

async function showText(text: string, pager: readonly string[]): Promise<void> {
  const isPaged = pager.length > 0 && process.stdout.isTTY && (await (await import('./pager.ts')).showInPager(text, pager))
  if (!isPaged) process.stdout.write(text)
}

async function choose(
  question: string,
  choices: readonly { value: string; label: string }[],
): Promise<string | undefined> {
  const prompts = await import('@clack/prompts')
  const { plainText } = await import('./terminal.ts')
  const chosen = await prompts.autocomplete({
    message: plainText(question),
    options: choices.map(({ value, label }) => ({ value, label: plainText(label) })),
    maxItems: 12,
    // The answer to the command is stdout's alone.
    output: process.stderr,
  })
  return prompts.isCancel(chosen) ? undefined : chosen
}
