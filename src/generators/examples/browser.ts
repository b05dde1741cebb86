import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defineError } from '../../core/errors.ts'
import { readAxeReport, type ExampleResult } from '../../core/example-page.ts'

const browserMissing = defineError('BROWSER_MISSING', {
  summary: 'Something needs a browser, and none was found.',
  message: (d: { tried: readonly string[] }) => `No Chromium or Chrome was found (${d.tried.join(', ')}).`,
  hint: () => 'Install Chromium, or name one: set browser in assetloom.config.ts or CHROMIUM_PATH in the environment.',
  exit: 2,
})

const browserFailed = defineError('BROWSER_FAILED', {
  summary: 'The browser ended without a report on the examples.',
  message: (d: { path: string; why: string }) => `${d.path} did not report on the examples: ${d.why}`,
  hint: () => 'Try it by hand with --headless; set browser in assetloom.config.ts to use another one.',
})

const usual: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/snap/bin/chromium'],
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'],
}

/** The browser that was named, or one where browsers usually are. @throws BROWSER_MISSING */
export function findBrowser(named: string | undefined): string {
  const tried = named === undefined ? (usual[process.platform] ?? []) : [named]
  const found = tried.find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
  if (!found) throw browserMissing({ tried })
  return found
}

/** Most that a page may take, by its own clock and by ours. */
const pageMs = 600_000
const patienceMs = 300_000

/**
 * Open a page of examples and read the report it leaves. The browser has a profile of its own and no network.
 * @param input.folder - for the profile; the caller takes it away
 * @throws BROWSER_FAILED
 */
export async function reportOfPage(input: { browser: string; page: string; folder: string; signal: AbortSignal }): Promise<ExampleResult[]> {
  const { browser, page, folder, signal } = input
  const switches = [
    '--headless', '--disable-gpu', '--no-first-run', '--disable-extensions', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--host-resolver-rules=MAP * ~NOTFOUND', `--user-data-dir=${join(folder, 'profile')}`, '--window-size=1280,900',
    // As root, as in most containers, Chromium refuses to start with its sandbox.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    `--virtual-time-budget=${pageMs}`, '--dump-dom', pathToFileURL(page).href,
  ]
  const child = spawn(browser, switches, { stdio: ['ignore', 'pipe', 'pipe'], signal, timeout: patienceMs })
  let [dom, said] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (dom += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)))
  const ended = await new Promise<string>((resolve, reject) => {
    child.once('error', (error) => (signal.aborted ? reject(error) : resolve(error.message)))
    child.once('close', (code, killer) => resolve(killer ? `it was ended by ${killer}` : `it ended with ${code}. ${said.trim().split('\n').at(-1) ?? ''}`))
  })
  const report = readAxeReport(dom)
  if (!report) throw browserFailed({ path: browser, why: ended })
  return report
}
