import valid from 'semver/functions/valid.js'
import validRange from 'semver/ranges/valid.js'
import * as z from 'zod'

const word = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\p{Bidi_Control},]+$/u, 'must be a word without commas or control characters')

/** Semver, without range characters or a leading "v". */
export const versionSchema = z
  .string()
  .refine((text) => valid(text) === text, 'must be a semantic version in quotes, such as "1.2.0"')

const contentName = z
  .string()
  .min(1)
  .max(500)
  .describe('A file beside the item, or in a folder beside it.')

/** Fields that items of every kind have. */
export const headFields = {
  id: z.string().optional().describe('Follows from the path; need not be written.'),
  name: z.string().min(1).max(200).optional().describe('Name for people. Default: the last part of the id.'),
  description: z.string().optional().describe('What it is and when to use it.'),
  version: versionSchema.default('1.0.0').describe('Semantic version, in quotes.'),
  tags: z.array(word).optional(),
  keywords: z.array(word).optional().describe('Further words to find it by.'),
  author: z.string().optional(),
  license: z.string().optional().describe('E.g. `MIT`, `CC-BY-4.0`.'),
  isPublic: z.boolean().optional().describe('It may be shared outside the project.'),
  tested: z.boolean().optional(),
  dependencies: z
    .record(
      z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_./-]*$/, 'must be the id, token or alias of an asset'),
      z.string().refine((text) => validRange(text) !== null, 'must be a range of versions, such as "^1.2.0"'),
    )
    .optional()
    .describe('Assets it needs, each with a range of versions as in npm.'),
  preview: z.string().optional().describe('Address or file of a picture of it.'),
  documentation: z.string().optional().describe('Address, file or text that explains it.'),
  files: z.array(contentName).max(200).optional().describe('Its content files, relative to its folder.'),
} as const

export type ItemHead = z.output<z.ZodObject<typeof headFields>>

export const headMembers = Object.keys(headFields) as (keyof typeof headFields)[]
