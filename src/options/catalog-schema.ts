import * as z from 'zod'
import { readOrigin, usualName, type CatalogOrigin } from '../core/catalog/source.ts'
import { baseURL } from './endpoint-schema.ts'

/** What a token may hold, so that it fits into a header. */
const catalogToken = z.string().regex(/^[\x21-\x7e]{1,512}$/, 'must be a token without spaces')

const catalogFrom = z.string().superRefine((from, context) => {
  const origin = readOrigin(from)
  if (typeof origin === 'string') context.addIssue({ code: 'custom', message: origin })
})

const catalogSource = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_./-]{0,99}$/, 'must be letters, digits, ".", "-", "_" and "/"')
    .optional()
    .describe('What the catalog is called. Default: owner/repo, or the end of the address.'),
  from: catalogFrom.describe('github:owner/repo, github:owner/repo#ref, https://host/path/ or file:../folder.'),
  apiURL: baseURL.optional().describe("GitHub's API. Default: https://api.github.com; of GitHub Enterprise Server https://HOST/api/v3."),
  rawURL: baseURL.optional().describe('Where GitHub serves raw files. Default: https://raw.githubusercontent.com; with an apiURL of HOST/api/v3 (GitHub Enterprise Server) HOST/raw.'),
  token: catalogToken.optional().describe('Sent to the host of this catalog for its repository, and nowhere else.'),
})

export const catalogSources = z
  .array(z.union([catalogFrom.transform((from): z.output<typeof catalogSource> => ({ from })), catalogSource]))
  .transform((sources): CatalogSource[] =>
    sources.map(({ name, from, ...rest }) => {
      const origin = readOrigin(from) as CatalogOrigin
      return { ...rest, name: name ?? usualName(origin), from, origin }
    }),
  )
  .refine((sources) => new Set(sources.map(({ name }) => name)).size === sources.length, {
    error: 'must have names that differ; give each a name: { name, from }',
  })

/** A catalog as the options name it. */
export interface CatalogSource extends Omit<z.output<typeof catalogSource>, 'name'> {
  name: string
  origin: CatalogOrigin
}
