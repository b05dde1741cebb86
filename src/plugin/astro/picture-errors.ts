import { defineError } from '../../core/errors.ts'

/* What can be wrong with <Asset> and <Picture>; also in code that runs on a server without Assetloom's plugin. */

interface Shown {
  component: string
  ref: string
  /** Path of the page, e.g. `/blog/first`. */
  page: string
}

export const refMissing = defineError('COMPONENT_REF_MISSING', {
  summary: '<Asset> or <Picture> was given no ref.',
  message: (d: Omit<Shown, 'ref'> & { given: string }) =>
    `<${d.component}> in ${d.page} has no ref (it got ${d.given}).`,
  hint: () => 'Write ref="TOKEN", or check that the data the ref comes from has one.',
})

export const notPicture = defineError('COMPONENT_NEEDS_PICTURE', {
  summary: '<Asset> or <Picture> was given an asset that is no picture.',
  message: (d: Shown & { kind: string }) =>
    `<${d.component} ref="${d.ref}"> in ${d.page}: ${d.ref} is of kind ${d.kind}.`,
  hint: (d) => `The component shows pictures; import other assets: import value from "asset:${d.ref}".`,
})

export const altMissing = defineError('ALT_MISSING', {
  summary: 'A picture has no alternative text, neither in the manifest nor on the component.',
  message: (d: Shown) =>
    `<${d.component} ref="${d.ref}"> in ${d.page} has no alternative text: the manifest has none, and none is given.`,
  hint: (d) =>
    `Say what it shows: assetloom update ${d.ref} --alt "…", or alt="…" on the component; alt="" when it only decorates.`,
})

export const notBundled = defineError('REF_NOT_BUNDLED', {
  summary: 'A page rendered on demand shows an asset that the build could not foresee.',
  message: (d: Shown) => `<${d.component} ref="${d.ref}"> in ${d.page}: the server bundle does not hold ${d.ref}.`,
  hint: () =>
    'On-demand pages have the assets whose names stand in the project’s sources. Name it there, or import it: import x from "asset:…".',
})
