declare const __ASSETLOOM_VERSION__: string

/** Put in place by the build. */
export const version: string = typeof __ASSETLOOM_VERSION__ === 'string' ? __ASSETLOOM_VERSION__ : '0.0.0-source'
