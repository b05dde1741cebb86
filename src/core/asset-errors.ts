import { defineError } from './errors.ts'
import { didYouMean } from './near.ts'

/* What can be wrong with a named asset, whoever asks for it. */

export const assetUnknown = defineError('ASSET_UNKNOWN', {
  summary: 'A ref names neither an asset of the manifest nor a spec.',
  message: (d: { ref: string; spelled: string; names: Iterable<string>; manifest: string; place: string }) =>
    `There is no asset ${JSON.stringify(d.ref)} (${d.spelled}${d.place ? ` in ${d.place}` : ''}).`,
  hint: (d) =>
    `${didYouMean(d.ref, d.names) ?? 'No name is near it.'} Known assets stand in ${d.manifest}; assetloom list prints them.`,
  http: 404,
})

export const assetFileMissing = defineError('ASSET_FILE_MISSING', {
  summary: 'The manifest names a file that is not on the disk.',
  message: (d: { ref: string; file: string }) => `The file of ${d.ref}, ${d.file}, is missing.`,
  hint: () => 'Take it back from git, or run assetloom sync to see what else differs.',
  http: 404,
})

export const assetFilePointer = defineError('ASSET_FILE_POINTER', {
  summary: "An asset's file is a Git LFS pointer.",
  message: (d: { ref: string; file: string }) =>
    `The file of ${d.ref}, ${d.file}, is a Git LFS pointer: its content was not fetched.`,
  hint: () => 'Run git lfs pull.',
})

export const assetFileChanged = defineError('ASSET_FILE_CHANGED', {
  summary: "An asset's file differs from what the manifest records.",
  message: (d: { ref: string; file: string }) => `${d.file} is not the file that the manifest records for ${d.ref}.`,
  hint: () => 'Run assetloom sync and commit the manifest.',
  exit: 4,
})
