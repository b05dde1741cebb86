import { defineError } from '../core/errors.ts'

export const loaderMissing = defineError('LOADER_MISSING', {
  summary: 'The bundler has no loader for the files of assets.',
  message: (d: { host: string; extension: string; file: string; setting: string }) =>
    `${d.host} has no loader for ${d.extension} files, which ${d.file} needs.`,
  hint: (d) => `Configure ${d.setting}.`,
})
