import * as z from 'zod'
import { headFields } from '../../src/core/kinds/item-head.ts'
import { libraryKinds } from '../../src/core/kinds/index.ts'
import { fieldTable, kindPageName } from './kind-page.ts'
import { code, page, table } from './markdown.ts'

export function libraryPage(): string {
  return page(
    'Library',
    `A library item is a file \`assets/library/<kind>/<group>/<name>.asset.yaml\`, with content files beside it. Its id is
\`<kind>/<group>/<name>\`. \`assetloom create\` writes one to begin with and registers it in the manifest; \`assetloom sync\`
registers what was written or changed by hand, and the dev server does so by itself. A bad item is an error with file, line and
hint; the manifest keeps what it said before. The [starter library](starter-library.md) has items to begin with.

\`\`\`ts
import brand, { modes } from 'asset:design-tokens/colors/brand'          // brand.primary is "#2563eb", and typed so
import 'asset:design-tokens/colors/brand?css'                             // custom properties on :root, and [data-mode="dark"]
import css from 'asset:design-tokens/colors/brand?css&inline'             // the same as a text
import dtcg from 'asset:design-tokens/colors/brand?dtcg'                  // DTCG 2025.10
import greeting from 'asset:ai-prompts/content/greeting'                  // (vars) => string
import Button from 'asset:ui-components/buttons/primary'                  // the component of the host's framework
import execute from 'asset:tools/analyzers/words'                         // the function of a tool
\`\`\`

An item is read when it is imported, so an edit shows at once. An unknown id or query is an error in the build and in \`tsc\`.
Tools and skills [can be run](running.md), [workflows](workflows.md) too, and prompts filled in from the command line.

\`assetloom create ui-components forms/signup --framework vue\` writes a component to begin with: its file, its props and an
example. \`generate\` makes what specs describe; it makes no components, since code beyond that frame would have to come from a
model.

Design tokens are read as DTCG 2025.10 (aliases \`"{primary}"\`, \`$root\`, \`$extends\`, \`$ref\` to whole tokens), as its drafts spelled
them (\`"#ff6b35"\`, \`"16px"\`), and as plain texts. \`modes\` hold other values of some tokens; on export they stand under
\`$extensions["assetloom.modes"]\`. What a group extends is written out.

Every form works in every bundler but the style sheet \`?css\`: webpack and rspack need a rule for CSS (\`css/auto\` with
\`experiments.css\`), rollup and rolldown a plugin for style sheets, and say so when there is none; \`?css&inline\` gives the text
everywhere. In the dev server of Vite an edited value reaches the modules that import it, and a component its own hot update.`,
    `\`assetloom validate\` measures the contrast of colours that are seen on one another, in every mode, by WCAG 2.2 AA: the pairs that
\`pairs\` states, those that \`usage\` states as \`text on background\`, and those that names tell (\`on-primary\` on \`primary\`, \`text\` or
\`foreground\` on \`background\` of the same group). What \`pairs\` says of two tokens holds before the rest:`,
    `\`\`\`yaml
pairs:
  - { front: [text, link], back: [background, surface] }               # text: 4.5:1
  - { front: [border, focus], back: background, use: graphics }         # 3:1, as large-text
  - { front: fine-print, back: background, ratio: 7 }
\`\`\``,
    `\`assetloom validate --browser\` builds the \`examples\` of \`ui-components\` with the project's own Vite or Astro, each by itself and
with its own styles alone, opens them in Chromium without a network, and runs axe on each (WCAG 2.2 A and AA, best practice; rules on
a page as a whole are left out). It needs \`axe-core\` and the packages of the framework in the project (\`vite\` with
\`@vitejs/plugin-vue\` or \`@sveltejs/vite-plugin-svelte\`, or \`astro\`), and Chromium or Chrome: the option \`browser\`, CHROMIUM_PATH,
or where browsers usually are. Without \`--browser\` a note says that nobody looked at the examples. axe finds about half of what the
guidelines ask for; the rest wants eyes, a keyboard and a screen reader.`,
    '## Kinds',
    'Each has a page with its fields and an example that runs.',
    table(['kind', 'groups', 'an import gives'], libraryKinds.map((kind) => [`[${code(kind.name)}](${kindPageName(kind)})`, kind.groups.map(code).join(' '), kind.gives])),
    '## Fields of every item',
    fieldTable(z.object(headFields)),
  )
}
