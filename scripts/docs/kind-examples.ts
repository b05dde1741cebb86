/* What a page of a kind shows of it; every line is run by test/docs/kinds.test.ts. */

export interface KindExample {
  group: string
  name: string
  /** Further flags of `create`. */
  flags?: string
  /** A module of the site. `console.log` of one value, and behind `//` what it prints. */
  code: string
  /** A sentence or two on what to mind. */
  notes?: string
}

const component = (id: string, props: string, html: string): string => `import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import Sample from 'asset:${id}'

console.log(renderToStaticMarkup(createElement(Sample, ${props}))) // ${html}`

export const kindExamples: Readonly<Record<string, KindExample>> = {
  'design-tokens': {
    group: 'colors',
    name: 'brand',
    code: `import brand from 'asset:design-tokens/colors/brand'
import css from 'asset:design-tokens/colors/brand?css&inline'

console.log(brand.accent) // #2563eb
console.log(css.includes('--primary: #2563eb;')) // true`,
    notes: `In a site, \`import 'asset:design-tokens/colors/brand?css'\` puts the custom properties on \`:root\`; \`?scss\` and
\`?tailwind\` are for Sass and Tailwind, \`?dtcg\` for Figma, Style Dictionary and others.`,
  },
  'style-prompts': {
    group: 'brand',
    name: 'flat',
    code: `import flat from 'asset:style-prompts/brand/flat'

console.log(flat({ mood: 'bold' }).trim()) // Flat shapes, bold colours, much empty space.`,
  },
  templates: { group: 'sections', name: 'sample', flags: '--framework react', code: component('templates/sections/sample', "{ label: 'Hello' }", '<section class="sample">Hello</section>') },
  'ui-components': { group: 'buttons', name: 'sample', flags: '--framework react', code: component('ui-components/buttons/sample', "{ label: 'Send' }", '<button class="sample">Send</button>') },
  workflows: {
    group: 'content',
    name: 'release',
    code: `import release from 'asset:workflows/content/release'

console.log(release.steps.map(({ id }) => id).join(', ')) // check, publish`,
  },
  modules: {
    group: 'forms',
    name: 'contact',
    code: `import contact from 'asset:modules/forms/contact'

console.log(contact.integration[0].target) // src/contact.ts`,
  },
  tools: {
    group: 'analyzers',
    name: 'words',
    code: `import execute from 'asset:tools/analyzers/words'

console.log((await execute({ text: 'three short words' })).words) // 3`,
  },
  'configs/global': {
    group: 'build',
    name: 'small',
    code: `import small from 'asset:configs/global/build/small'

console.log(small.config.minify) // true`,
  },
  'configs/site-templates': {
    group: 'blog',
    name: 'plain',
    code: `import plain from 'asset:configs/site-templates/blog/plain'

console.log(plain.config.title) // My site`,
  },
  'configs/deployment': {
    group: 'cloudflare',
    name: 'pages',
    code: `import pages from 'asset:configs/deployment/cloudflare/pages'

console.log(pages.buildSettings.output) // dist`,
  },
  'ai-prompts': {
    group: 'content',
    name: 'teaser',
    code: `import teaser from 'asset:ai-prompts/content/teaser'

console.log(teaser({ topic: 'tea', tone: 'formal' }).trim()) // Write a short text about tea in a formal tone.`,
  },
  'agent-workflows': {
    group: 'page-creation',
    name: 'article',
    code: `import article from 'asset:agent-workflows/page-creation/article'

console.log(article.steps.length) // 2`,
  },
  'sub-agents': {
    group: 'content',
    name: 'writer',
    code: `import writer from 'asset:sub-agents/content/writer'

console.log(writer.prompt.trim()) // You are Writer. You are good at writing.`,
  },
  'agent-skills': {
    group: 'analysis',
    name: 'count',
    code: `import execute from 'asset:agent-skills/analysis/count'

console.log((await execute({ text: 'three short words' })).words) // 3`,
  },
}
