import { defineCollection } from 'astro:content'
import { glob } from 'astro/loaders'
import { z } from 'astro/zod'

export const collections = {
  blog: defineCollection({
    loader: glob({ pattern: '**/*.md', base: './src/content/blog' }),
    schema: z.object({
      title: z.string().max(100),
      description: z.string().max(200),
      date: z.coerce.date(),
      /** Drafts are seen in development only. */
      draft: z.boolean().default(false),
    }),
  }),
}
