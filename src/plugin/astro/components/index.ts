/* eslint-disable @typescript-eslint/ban-ts-comment -- whether the next line is an error depends on who compiles it */
// Only Astro's compiler reads these files; components.d.ts has their types.
// @ts-ignore
export { default as Asset } from './Asset.astro'
// @ts-ignore
export { default as Picture } from './Picture.astro'
