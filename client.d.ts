/**
 * Types of asset imports for projects that write none of their own (option `types: false`): every spelling passes, and
 * a reference that does not exist is found only by the build. With generated types do not refer to this file: it would
 * let unknown assets pass again.
 */

// The first declaration wins among patterns with the same text before the star.
declare module 'asset:*as=picture' {
  const picture: {
    readonly sources: readonly { readonly type: string; readonly srcset: string }[]
    readonly img: { readonly src: string; readonly width: number | undefined; readonly height: number | undefined }
  }
  export default picture
  /** URL of the fallback. */
  export const src: string
  export const width: number | undefined
  export const height: number | undefined
  export const alt: string | undefined
  export const token: string
  export const meta: Readonly<Record<string, unknown>>
}

declare module 'asset:*' {
  const text: string
  export default text
  /** URL of the file. */
  export const src: string
  export const width: number | undefined
  export const height: number | undefined
  export const alt: string | undefined
  export const token: string
  export const meta: Readonly<Record<string, unknown>>
}

declare module '~asset/*' {
  const url: string
  export default url
}
