import type { Settings } from '../settings.ts'
import { tomlText } from '../toml-text.ts'

/** Where sites are deployed to: the file that a platform reads, and the command that uploads. */
export interface Platform {
  /** Names of its file; the first is the one that is written unless another is there or asked for. */
  files: readonly string[]
  /** Address of the schema that editors check the file with. */
  schema?: string
  /** The platform's own command. @param output - folder of what was built */
  uploadCommand(output: string): string
  /** What a new item says, for a site that `npm run build` builds into `dist`: lines of YAML, and names of variables. */
  begin(name: string): { config: readonly string[]; variables: readonly string[] }
}

/** By group of `configs/deployment`; `custom` has none. */
export const platforms: Readonly<Record<string, Platform>> = {
  cloudflare: {
    files: ['wrangler.jsonc', 'wrangler.json', 'wrangler.toml'],
    schema: 'node_modules/wrangler/config-schema.json',
    uploadCommand: () => 'npx wrangler deploy',
    begin: (name) => ({
      config: [
        // Names of Workers have small letters, digits and "-".
        `name: ${name.toLowerCase().replaceAll('_', '-')}`,
        'compatibility_date: "2026-01-01"',
        'assets: { directory: ./dist, not_found_handling: 404-page }',
      ],
      variables: ['CLOUDFLARE_ACCOUNT_ID', 'CLOUDFLARE_API_TOKEN'],
    }),
  },
  vercel: {
    files: ['vercel.json'],
    schema: 'https://openapi.vercel.sh/vercel.json',
    uploadCommand: () => 'npx vercel deploy --prod',
    begin: () => ({
      config: ['buildCommand: npm run build', 'outputDirectory: dist'],
      variables: ['VERCEL_ORG_ID', 'VERCEL_PROJECT_ID', 'VERCEL_TOKEN'],
    }),
  },
  netlify: {
    files: ['netlify.toml'],
    uploadCommand: (output) => `npx netlify deploy --prod --dir ${output}`,
    begin: () => ({
      config: ['build: { command: npm run build, publish: dist }'],
      variables: ['NETLIFY_AUTH_TOKEN', 'NETLIFY_SITE_ID'],
    }),
  },
}

/**
 * The text of a platform's file.
 * @param name - of the file; its ending says whether it is JSON or TOML
 * @throws TOML_VALUE
 */
export function platformText(ref: string, { schema }: Platform, name: string, config: Settings): string {
  const note = `Written from ${ref}: assetloom apply writes it anew as long as it is not edited.`
  if (name.endsWith('.toml')) return `# ${note}\n${tomlText(config)}`
  const text = `${JSON.stringify({ ...(schema && { $schema: schema }), ...config }, null, 2)}\n`
  return name.endsWith('.jsonc') ? `// ${note}\n${text}` : text
}
