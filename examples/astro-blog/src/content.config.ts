import { defineCollection } from 'astro:content'
import { glob } from 'astro/loaders'
import { z } from 'astro/zod'
import { assetCollection } from 'assetloom/astro/loader'

export const collections = {
  // Frontmatter: cover: ~asset/BACKDROP-SLOW-COAST001.webp
  walks: defineCollection({
    loader: glob({ pattern: '*.md', base: './src/content/walks' }),
    schema: ({ image }) =>
      z.object({
        title: z.string(),
        summary: z.string(),
        date: z.coerce.date(),
        distanceKm: z.number(),
        cover: image(),
        coverAlt: z.string(),
      }),
  }),
  // Every picture of the library that is tagged so; follows the manifest in dev.
  landscapes: defineCollection({ loader: assetCollection({ kind: 'image', tags: ['landscape'] }) }),
}
