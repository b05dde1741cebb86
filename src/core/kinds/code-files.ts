import * as z from 'zod'
import { textOf, type ImportPath, type Item, type ItemFile, type ItemModule, type ItemProblem, type ItemTypes, type ItemUse, type JsonSchema, type SiteFile, type Skeleton } from './kind.ts'
import { parametersOf, type programParametersSchema } from './parameters.ts'

/* Items whose content is a source file, which their import exports again. */

export const frameworks = ['astro', 'react', 'vue', 'svelte'] as const
export type Framework = (typeof frameworks)[number]

const extensions: Readonly<Record<Framework, readonly string[]>> = {
  astro: ['.astro'],
  react: ['.tsx', '.jsx'],
  vue: ['.vue'],
  svelte: ['.svelte'],
}

export const propsSchema = z
  .array(
    z.strictObject({
      name: z.string().min(1),
      type: z.string().default('string').describe('TypeScript type.'),
      required: z.boolean().optional(),
      default: z.unknown().optional(),
      description: z.string().optional(),
    }),
  )
  .optional()

/** `code` must be a file of the framework. */
export function frameworkProblems(framework: Framework, code: string): ItemProblem[] {
  const allowed = extensions[framework]
  if (allowed.some((extension) => code.endsWith(extension))) return []
  return [{ path: ['code'], message: `is ${code}, and files of ${framework} end in ${allowed.join(' or ')}` }]
}

/** The framework that a file is of, by its ending. */
export function frameworkOf(code: string): Framework | undefined {
  return frameworks.find((framework) => extensions[framework].some((extension) => code.endsWith(extension)))
}

/** Copies of an item's files for a site: the main one with another text at its target, the others beside it. */
export function copiesBeside([main, ...others]: readonly ItemFile[], text: string, target: string): SiteFile[] {
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
  const own = folderOf(main!.name)
  return [
    { target, bytes: new TextEncoder().encode(text) },
    ...others.map(({ name, bytes }) => ({ target: folderOf(target) + (name.startsWith(own) ? name.slice(own.length) : name), bytes })),
  ]
}

export function sourceModule(item: Item<unknown>, exported: 'default' | 'execute'): ItemModule {
  return { form: 'source', file: item.files[0]!.file, exported }
}

export function sourceTypes(item: Item<unknown>, exported: 'default' | 'execute', importPath: ImportPath): ItemTypes {
  const value = `typeof ${importPath(item.files[0]!.file)}[${JSON.stringify(exported)}]`
  return { value, ...(exported === 'execute' && { named: { execute: value } }) }
}

/** A tool or skill is a module that exports `execute`. */
export function executeProblems(item: Item<{ entry?: string | undefined }>): ItemProblem[] {
  const { entry } = item.fields
  if (entry === undefined) return []
  if (!/\.[cm]?[jt]s$/.test(entry)) return [{ path: ['entry'], message: `is ${entry}, and must be a JavaScript or TypeScript file` }]
  const code = textOf(item.files[0]!)
  if (/\bexport\s+(?:async\s+)?(?:function\*?|const|let)\s+execute\b|\bexport\s*\{[^}]*\bexecute\b[^}]*\}/.test(code)) return []
  return [{ path: ['entry'], message: `names ${entry}, which exports no execute`, hint: 'Write: export async function execute(input) { … }' }]
}

/** Fields that tools and skills share. */
export const programFields = {
  output: z.record(z.string(), z.unknown()).optional().describe('JSON Schema of what `execute` gives; `run` holds it to that.'),
  examples: z
    .array(
      z.strictObject({
        description: z.string().optional(),
        input: z.unknown(),
        output: z.unknown().optional().describe('What comes of it. Of an object, members that do not matter may be left out.'),
      }),
    )
    .optional(),
}

export function programUse(
  item: Item<{ output?: JsonSchema | undefined }>,
  declared: z.output<typeof programParametersSchema> | undefined,
): ItemUse {
  return { form: 'program', entry: item.files[0]!, parameters: declared && parametersOf(declared), output: item.fields.output }
}

/** A component that shows a label, in each framework. @param tag - `button`, `section`, … */
export function componentSkeleton(framework: string, name: string, tag: string): Skeleton & { code: string } {
  const code = `${name}${extensions[framework as Framework][0]!}`
  const text: Readonly<Record<string, string>> = {
    astro: `---
interface Props {
  label: string
}
const { label } = Astro.props
---
<${tag} class="${name}">{label}</${tag}>
`,
    react: `export interface Props {
  label: string
}

export default function Item({ label }: Props) {
  return <${tag} className="${name}">{label}</${tag}>
}
`,
    vue: `<script setup lang="ts">
defineProps<{ label: string }>()
</script>

<template>
  <${tag} class="${name}">{{ label }}</${tag}>
</template>
`,
    svelte: `<script lang="ts">
  let { label }: { label: string } = $props()
</script>

<${tag} class="${name}">{label}</${tag}>
`,
  }
  return { code, item: `code: ${code}\nprops:\n  - { name: label, type: string, required: true }\n`, files: { [code]: text[framework]! } }
}

/** @param parameter - name of the argument */
export function executeSkeleton(name: string): { entry: string; files: Record<string, string> } {
  const entry = `${name}.ts`
  return {
    entry,
    files: {
      [entry]: `export interface Input {
  text: string
}

/** Count the words of a text. */
export async function execute({ text }: Input): Promise<{ words: number }> {
  return { words: text.split(/\\s+/).filter(Boolean).length }
}
`,
    },
  }
}
