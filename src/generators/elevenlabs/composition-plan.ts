import * as z from 'zod'

const styles = z.array(z.string())
const partMs = z.int().min(3_000).max(120_000)

/** Plan of `music_v1`, in sections. */
export const sectionPlan = z.strictObject({
  positive_global_styles: styles,
  negative_global_styles: styles,
  sections: z
    .array(
      z.strictObject({
        section_name: z.string().min(1),
        positive_local_styles: styles,
        negative_local_styles: styles,
        duration_ms: partMs,
        lines: z.array(z.string()),
      }),
    )
    .min(1),
})

/** Plan of the later models, in chunks. */
export const chunkPlan = z.strictObject({
  chunks: z
    .array(
      z.strictObject({
        text: z.string(),
        duration_ms: partMs,
        positive_styles: styles.optional(),
        negative_styles: styles.optional(),
        context_adherence: z.enum(['low', 'medium', 'high']).optional(),
      }),
    )
    .min(1)
    .max(30),
})

export type CompositionPlan = z.output<typeof sectionPlan> | z.output<typeof chunkPlan>

/** How long the music of a plan is. */
export function planLengthMs(plan: CompositionPlan): number {
  const parts = 'sections' in plan ? plan.sections : plan.chunks
  return parts.reduce((sum, { duration_ms }) => sum + duration_ms, 0)
}
