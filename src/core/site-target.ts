import { defineError } from './errors.ts'
import { segmentRefusal } from './names.ts'
import { isReserved } from './site.ts'

const targetRefused = defineError('SITE_TARGET', {
  summary: 'A file was to be written where nothing may be written from an asset.',
  message: (d: { target: string; why: string }) => `${JSON.stringify(d.target)} is no place to write: ${d.why}.`,
  hint: () => 'Name a path inside the site, relative to it, outside of node_modules, .git and .assetloom.',
  exit: 2,
})

/** Why no file of a site may stand at a path, or undefined when it may. */
export function siteTargetRefusal(target: string): string | undefined {
  if (target.startsWith('/')) return 'it is an absolute path'
  if (isReserved(target)) return 'it lies in node_modules, .assetloom or .git'
  return target.split('/').map(segmentRefusal).find((why) => why !== undefined)
}

/** @throws SITE_TARGET */
export function requireSiteTarget(target: string): string {
  const why = siteTargetRefusal(target)
  if (why !== undefined) throw targetRefused({ target, why })
  return target
}
