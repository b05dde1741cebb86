/** What is special about a kind: what its skeleton gives, and an edit that shows. */
export interface Expectation {
  group: string
  framework?: string
  /** An expression over the import `x`, and what it is; also its type, where that is literal. */
  shows: [expression: string, value: unknown, type?: string]
  /** Text in one of its files, and what takes its place. */
  edit: [from: string, to: string]
  /** The same expression after the edit. */
  then: unknown
}

export const expectations: Record<string, Expectation> = {
  'design-tokens': { group: 'colors', shows: ['x.primary', '#2563eb', '"#2563eb"'], edit: ['hex: "#2563eb"', 'hex: "#ff6b35"'], then: '#ff6b35' },
  'ai-prompts': { group: 'content', shows: ['x({ topic: "tea" }).trim()', 'Write a short text about tea in a friendly tone.', 'string'], edit: ['Write a short', 'Write a long'], then: 'Write a long text about tea in a friendly tone.' },
  'style-prompts': { group: 'brand', shows: ['x({}).trim()', 'Flat shapes, calm colours, much empty space.', 'string'], edit: ['Flat shapes', 'Round shapes'], then: 'Round shapes, calm colours, much empty space.' },
  'templates': { group: 'sections', framework: 'react', shows: ['x({ label: "Hi" }).props.children', 'Hi'], edit: ['{label}', '{label + "!"}'], then: 'Hi!' },
  'ui-components': { group: 'buttons', framework: 'react', shows: ['x({ label: "Send" }).type', 'button'], edit: ['<button className="sample">{label}</button>', '<a>{label}</a>'], then: 'a' },
  'workflows': { group: 'content', shows: ['x.steps[1].id', 'publish', '"publish"'], edit: ['id: publish', 'id: release'], then: 'release' },
  'modules': { group: 'blog', shows: ['x.configuration.title.default', 'Untitled', '"Untitled"'], edit: ['default: Untitled', 'default: Blog'], then: 'Blog' },
  'tools': { group: 'analyzers', shows: ['await x({ text: "one two" })', { words: 2 }, '{ words: number }'], edit: ['.filter(Boolean).length', '.filter(Boolean).length * 10'], then: { words: 20 } },
  'configs/global': { group: 'build', shows: ['x.config.minify', true, 'true'], edit: ['minify: true', 'minify: false'], then: false },
  'configs/site-templates': { group: 'blog', shows: ['x.config.title', 'My site', '"My site"'], edit: ['My site', 'My blog'], then: 'My blog' },
  'configs/deployment': { group: 'vercel', shows: ['x.buildSettings.output', 'dist', '"dist"'], edit: ['output: dist', 'output: out'], then: 'out' },
  'agent-workflows': { group: 'seo', shows: ['x.steps[0].prompt', 'Write a draft', '"Write a draft"'], edit: ['Write a draft', 'Write two drafts'], then: 'Write two drafts' },
  'sub-agents': { group: 'content', shows: ['x.prompt.trim()', 'You are Sample. You are good at writing.', 'string'], edit: ['[writing]', '[writing, tea]'], then: 'You are Sample. You are good at writing, tea.' },
  'agent-skills': { group: 'analysis', shows: ['await x({ text: "one two" })', { words: 2 }, '{ words: number }'], edit: ['.filter(Boolean).length', '.filter(Boolean).length * 10'], then: { words: 20 } },
}
