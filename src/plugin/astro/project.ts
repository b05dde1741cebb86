import type { Entry } from '../../core/manifest.ts'
import type { PictureRequest, ResolvedPicture } from './picture.ts'

/** What the pages, the content config and the dev server of one Astro project ask of the integration. */
export interface AstroProject {
  /** The picture that a component shows. */
  picture(request: PictureRequest): Promise<ResolvedPicture>
  /** Every asset of the manifest, sorted by ref. */
  assets(): Promise<{ ref: string; entry: Entry }[]>
  /** Absolute path of the manifest. */
  manifestFile(): Promise<string>
}

/**
 * Projects by root. On globalThis and not in this module: Astro evaluates the content config and prerendered pages in
 * module graphs of their own, each with its own copy of what they import.
 */
const registryKey = Symbol.for('assetloom.astro.projects')

function registry(): Map<string, AstroProject> {
  const holder = globalThis as { [registryKey]?: Map<string, AstroProject> }
  return (holder[registryKey] ??= new Map())
}

/** @param root - absolute, without a closing separator */
export function registerProject(root: string, project: AstroProject): void {
  registry().set(root, project)
}

/** Take a project away, unless another run took its place. */
export function dropProject(root: string, project: AstroProject): void {
  if (registry().get(root) === project) registry().delete(root)
}

export function findProject(root: string): AstroProject | undefined {
  return registry().get(root)
}

/** JavaScript that gives the project of a root, for code that runs in this process. */
export function projectExpression(root: string): string {
  return `globalThis[Symbol.for("assetloom.astro.projects")]?.get(${JSON.stringify(root)})`
}
