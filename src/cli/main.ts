#!/usr/bin/env node
import module from 'node:module'

// The only file that exits. Everything heavy is loaded behind it, so that --version costs little more than Node itself.
module.enableCompileCache?.()

const args = process.argv.slice(2)

// A reader that goes away (assetloom list | head) is no fault of ours; a full disk is one of somebody's.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  process.stderr.write(`The output could not be written: ${error.message}\n`)
  process.exit(1)
})
// Nobody listens to the progress: the work goes on.
process.stderr.on('error', () => {})

if (!process.getBuiltinModule?.('node:sqlite')) {
  // Told here: on an older Node nothing of the rest can be loaded.
  const error = {
    code: 'NODE_TOO_OLD',
    message: `Assetloom needs Node 22.22 or newer; this is ${process.version}.`,
    hint: 'Install a newer Node: https://nodejs.org',
  }
  if (args.includes('--json')) process.stdout.write(`${JSON.stringify({ ok: false, error }, null, 2)}\n`)
  else process.stderr.write(`${error.message}\n  ${error.hint}\n`)
  process.exitCode = 1
} else if (args.length === 1 && (args[0] === '--version' || args[0] === '-v')) {
  const { version } = await import('./version.ts')
  process.stdout.write(`${version}\n`)
} else {
  const { runCli } = await import('./run-cli.ts')
  process.exitCode = await runCli(args)
  // Native handles (a watcher, a socket to a shared cache) must not hold a finished command.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
  process.exit()
}
