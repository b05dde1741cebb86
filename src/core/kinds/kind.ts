import * as z from 'zod'
import type { Finding } from '../asset-findings.ts'
import type { SpecProblem } from '../check-document.ts'
import type { TokenChange } from '../version/compare-tokens.ts'
import type { Settings } from '../settings.ts'
import type { SiteList } from '../site.ts'
import { headFields, type ItemHead } from './item-head.ts'
import type { Prop, Slot } from './fill-component.ts'
import type { Workflow } from '../workflow/workflow.ts'
import type { Parameter } from './parameters.ts'

/** One content file of an item. */
export interface ItemFile {
  /** As the item names it, relative to its own folder. */
  name: string
  /** Relative to the project, POSIX. */
  file: string
  bytes: Uint8Array
  /** What a JSON or YAML file holds, for kinds whose content is data. */
  data?: unknown
}

/** A library item as it stands on the disk, checked. */
export interface Item<Fields = Readonly<Record<string, unknown>>> {
  /** `kind/group/name` */
  id: string
  kind: string
  group: string
  /** The last part of the id. */
  name: string
  /** Its own file, relative to the project. */
  file: string
  head: ItemHead
  fields: Fields
  /** Content files in the order in which they are named. */
  files: readonly ItemFile[]
}

/** What `import … from "asset:<id>"` evaluates to. `named` are further exports beside `token` and `meta`. */
export type ItemModule =
  | { form: 'value'; value: unknown; named?: Readonly<Record<string, unknown>> }
  /** JavaScript: statements, then the expression of the default export. */
  | { form: 'code'; statements: readonly string[]; expression: string }
  /** A real file is exported again: a component, or the `execute` of a tool. */
  | { form: 'source'; file: string; exported: 'default' | 'execute' }
  /** A style sheet that takes effect when it is imported; its text is the default export. */
  | { form: 'stylesheet'; css: string }

/** TypeScript of an item's module. */
export interface ItemTypes {
  /** Type of the default export. */
  value: string
  /** Types of further named exports. */
  named?: Readonly<Record<string, string>>
  /** Type of the default export by what stands behind `?`. */
  forms?: Readonly<Record<string, string>>
}

/** How generated types name a file of the project: `import("…")`. */
export type ImportPath = (file: string) => string

/** What using an item comes to. */
export type ItemUse =
  /** A text is filled in. `path` leads to it in the item. */
  | { form: 'text'; text: string; path: readonly PropertyKey[]; parameters: readonly Parameter[] }
  /** A program is run. Without `parameters` it takes any input; `output` is a JSON Schema of what it gives. */
  | { form: 'program'; entry: ItemFile; parameters: readonly Parameter[] | undefined; output: JsonSchema | undefined }

export type JsonSchema = Readonly<Record<string, unknown>>

/** One case that an item states of itself. */
export interface ItemExample {
  description?: string | undefined
  input: unknown
  /** What comes of it; absent when the example only shows an input. */
  output?: unknown
}

/** What a kind says of a problem: a field of the item, or a place in one of its content files. */
export interface ItemProblem extends SpecProblem {
  /** Name of the content file that `path` leads into. */
  file?: string
  severity?: 'error' | 'warning'
}

/** The first state of a new item. */
export interface Skeleton {
  /** Lines of the item's file after the common head. */
  item: string
  /** Content files by name. */
  files?: Readonly<Record<string, string>>
}

export interface SkeletonWish {
  group: string
  name: string
  /** One of the kind's `frameworks`. */
  framework: string
}

/** A file that a verb puts into a site. */
export interface SiteFile {
  /** Relative to the site, POSIX. */
  target: string
  bytes: Uint8Array
}

/** What the user asks of `use` for an item that is copied into a site. */
export interface PlaceWish {
  /** Markup by slot; `default` is the one without a name. */
  slots: Readonly<Record<string, string>>
  /** Texts by prop. */
  props: Readonly<Record<string, string>>
  /** Another place for its main file, relative to the site. */
  target?: string | undefined
}

/** What the user asks of `apply`. */
export interface ApplyWish {
  /** Name of the target file; the kind may have one of its own. */
  target: string | undefined
  /** A word of `forms`. */
  form: string | undefined
  /** Texts by parameter. */
  values: Readonly<Record<string, string>>
  /** The settings of the item with every layer above them. */
  config: Settings
}

/** What `apply` makes of an item. */
export type Application =
  /** A part of a style sheet that is its own. `file` is the place it has unless the user names another. */
  | { to: 'stylesheet'; file: string; text: string }
  /** The style of a spec's prompt. */
  | { to: 'spec'; style: string }
  /** Settings merged into a JSON or YAML file. */
  | { to: 'settings'; config: Settings }
  /** A site with its settings, and what else it should have. */
  | { to: 'site'; config: Settings; recommended: readonly string[] }
  /** The file of a platform; the first name is its own, the others are read by the platform too. */
  | { to: 'platform'; names: readonly string[]; text(name: string): string }

/** What `deploy` does. */
export interface Deployment {
  /** Names of variables that the environment must have. */
  variables: readonly string[]
  /** Command that builds. */
  build: string | undefined
  /** Folder that must be there afterwards, relative to the site. */
  output: string | undefined
  /** Command that uploads, where the item names one; it is run. */
  upload: string | undefined
  /** The platform's own command, which is only told. */
  advice: string | undefined
}

/** Where the values of a module's configuration stand in a site. */
export interface ModuleSettings {
  /** A JSON file, relative to the site. */
  target: string
  fields: Readonly<Record<string, { type: 'string' | 'number' | 'boolean'; default?: unknown; required?: boolean | undefined; environment?: boolean | undefined }>>
}

interface KindParts<Shape extends z.ZodRawShape, Fields> {
  /** `design-tokens`, `configs/global`: the folder under `assets/library`. */
  name: string
  summary: string
  /** The folders under it. */
  groups: readonly string[]
  /** The fields beside the common head. */
  fields: Shape
  /** What an import gives, in the words of the docs. */
  gives: string
  /** Commands beyond the common ones. */
  verbs: readonly string[]
  /** What `use` and `run` do with an item, and `test` and `optimize` work on. */
  use?(item: Item<Fields>): ItemUse
  /** What `run` carries out step by step. */
  workflow?(item: Item<Fields>): Workflow
  /** What `test` tries. */
  examples?(item: Item<Fields>): readonly ItemExample[]
  /** The list of a site that its items stand in. */
  siteList?: SiteList
  /** What a component is given. */
  accepts?(item: Item<Fields>): { props: readonly Prop[]; slots: readonly Slot[] }
  /** What `use` puts into a site, for kinds that are copied there. */
  place?(item: Item<Fields>, wish: PlaceWish): readonly SiteFile[]
  apply?(item: Item<Fields>, wish: ApplyWish): Application
  configure?(item: Item<Fields>): ModuleSettings
  deploy?(item: Item<Fields>): Deployment
  /** What may stand behind `?`; `inline` is free beside `css`. */
  forms?: readonly string[]
  /** Frameworks that a new item may be made for; the first is the default. */
  frameworks?: readonly string[]
  /** Content files that fields of its own name, the main one first. */
  contentFiles?(fields: Fields): readonly string[]
  /** Content files hold data (JSON or YAML) and not code or text. */
  hasData?: boolean
  /** What the schema cannot say. */
  problems?(item: Item<Fields>): readonly ItemProblem[] | Promise<readonly ItemProblem[]>
  /** What `validate` finds in a valid item beyond doubts. */
  findings?(item: Item<Fields>): readonly Pick<Finding, 'code' | 'message' | 'hint'>[]
  /** @param form - a word of `forms`; absent for the plain import */
  module(item: Item<Fields>, form?: string): ItemModule
  types(item: Item<Fields>, importPath: ImportPath): ItemTypes
  skeleton(wish: SkeletonWish): Skeleton
  /** What became of the content between two states, where it can be told value by value. */
  changes?(before: Item<Fields>, after: Item<Fields>): readonly TokenChange[]
  /** The content in short. */
  represent?(item: Item<Fields>): string
}

/** A kind of library items; everything that is special about it. */
export interface LibraryKind extends KindParts<z.ZodRawShape, Readonly<Record<string, unknown>>> {
  /** Head and fields of an item's file. */
  schema: z.ZodObject
}

export function defineKind<Shape extends z.ZodRawShape>(
  kind: KindParts<Shape, z.output<z.ZodObject<Shape>>>,
): LibraryKind {
  // Which fields an item has is known to its own kind alone; the item's schema has checked them before.
  return { ...kind, schema: z.strictObject({ ...headFields, ...kind.fields }) } as unknown as LibraryKind
}

/** UTF-8 text of a content file. */
export function textOf(file: ItemFile): string {
  return new TextDecoder().decode(file.bytes)
}
