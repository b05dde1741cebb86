import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', process.env.CHROMIUM_PATH ?? ''].find((path) => path && existsSync(path))

/** Why browser tests cannot run here; undefined when they can. REQUIRE_BROWSER=1 makes it an error. */
export const browserMissing = executable ? undefined : 'Chromium is not installed (looked for /usr/bin/chromium and CHROMIUM_PATH)'

if (browserMissing) {
  if (process.env.REQUIRE_BROWSER) throw new Error(`REQUIRE_BROWSER is set, but ${browserMissing}.`)
  console.warn(`Browser tests are skipped: ${browserMissing}. REQUIRE_BROWSER=1 makes this a failure.`)
}

const switches = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: executable!, args: switches })
}
