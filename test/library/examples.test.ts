import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserMissing } from '../browser.ts'
import { createProject, run, startCli } from '../operations/project.ts'
import { repository } from '../project.ts'
import { createLibraryProject, type LibraryProject } from './item-project.ts'

interface Finding {
  ref: string
  code: string
  severity: string
  message: string
  hint: string
}

const componentsOf = (findings: Finding[]) => findings.filter(({ code }) => code.startsWith('EXAMPLE'))
const nothingWith = (project: Parameters<typeof run>[0], input: object, options: object = {}) =>
  run<{ findings: Finding[] }>(project, 'validate', { ...input }, options).then(({ findings }) => componentsOf(findings))

/** The same card in each framework, whose picture has no alternative text; without a label it fails. */
const cards: Record<string, string> = {
  'card.astro': `---\nconst { label } = Astro.props\n---\n<div>{label.trim()}<img src="data:," /></div>\n`,
  'card.tsx': `export default function Card({ label, children }: { label: string; children?: string }) {\n  return <div>{label.trim()}{children}<img src="data:," /></div>\n}\n`,
  'card.vue': `<script setup lang="ts">\nconst { label } = defineProps<{ label: string }>()\n</script>\n<template>\n  <div>{{ label.trim() }}<slot /><img src="data:,"></div>\n</template>\n`,
  'card.svelte': `<script lang="ts">\n  let { label, children }: { label: string, children?: import('svelte').Snippet } = $props()\n</script>\n<div>{label.trim()}{@render children?.()}<img src="data:,"></div>\n`,
}
const frameworkOf: Record<string, string> = { 'card.astro': 'astro', 'card.tsx': 'react', 'card.vue': 'vue', 'card.svelte': 'svelte' }
const at = (name: string) => `assets/library/ui-components/cards/${name}`

let project: LibraryProject
beforeAll(async () => {
  project = createLibraryProject()
  cpSync(join(repository, 'library/ui-components'), project.path('assets/library/ui-components'), { recursive: true })
  await project.sync()
})
afterAll(() => project.remove())

describe('validate without a browser', () => {
  it('notes which examples nobody looked at, and how to', async () => {
    const found = await nothingWith(project, {})
    expect(found.map(({ ref }) => ref)).toEqual(Object.keys(project.manifest().assets))
    expect(found[0]).toMatchObject({ code: 'EXAMPLES_UNCHECKED', severity: 'info', message: expect.stringContaining('--browser') })
  })
})

describe('validate --browser', () => {
  it.each([
    ['no browser', { browser: '/nowhere/chromium' }, 'BROWSER_MISSING', /\/nowhere\/chromium/],
    ['a browser that is none', { browser: '/bin/false' }, 'BROWSER_FAILED', /\/bin\/false .*ended with 1/],
  ])('%s is an error that says what to do', async (_what, options, code, message) => {
    const wish = { refs: ['ui-components/buttons/button-react'], browser: true }
    await expect(run(project, 'validate', wish, options)).rejects.toMatchObject({ code, message: expect.stringMatching(message), hint: expect.stringContaining('browser') })
  })

  it.skipIf(browserMissing)('without axe-core it is an error that says what to install', async () => {
    const bare = createProject()
    try {
      cpSync(join(repository, 'library/ui-components/buttons'), bare.path('assets/library/ui-components/buttons'), { recursive: true })
      await run(bare, 'sync', {})
      await expect(run(bare, 'validate', { browser: true })).rejects.toMatchObject({ code: 'AXE_MISSING', hint: 'npm install --save-dev axe-core' })
      cpSync(join(repository, 'node_modules/axe-core'), bare.path('node_modules/axe-core'), { recursive: true })
      const found = await nothingWith(bare, { browser: true })
      expect(found.map(({ ref, code }) => [ref, code])).toEqual(['astro', 'react', 'svelte', 'vue'].map((name) => [`ui-components/buttons/button-${name}`, 'EXAMPLES_UNCHECKED']))
      expect(found[3]!.message).toContain('the project has no vite, vue, @vitejs/plugin-vue')
    } finally {
      bare.remove()
    }
  })

  it.skipIf(browserMissing)('the components of the starter library are in order', { timeout: 120_000 }, async () => {
    const child = await startCli(project, ['validate', '--browser', '--json']).done
    const { data } = JSON.parse(child.stdout) as { data: { findings: Finding[] } }
    expect(data.findings).toEqual([])
    expect(project.files('.assetloom').filter((file) => file.includes('examples-'))).toEqual([])
  })

  it.skipIf(browserMissing)('finds what is wrong in each framework, and what cannot be shown or built', { timeout: 120_000 }, async () => {
    for (const [file, text] of Object.entries(cards)) {
      project.write(at(file), text)
      const thrown = frameworkOf[file] === 'astro' ? '' : '\n  - { name: Empty, props: {} }'
      project.write(at(`bad-${frameworkOf[file]}.asset.yaml`), `description: A card\nframework: ${frameworkOf[file]}\ncode: ${file}\nexamples:\n  - { name: Full, props: { label: Tea }, content: Green }${thrown}\n`)
    }
    project.write(at('lost.astro'), `---\nimport './nowhere.css'\n---\n<p>Lost</p>\n`)
    project.write(at('bad-lost.asset.yaml'), 'description: Lost\nframework: astro\ncode: lost.astro\nexamples:\n  - { props: {} }\n')
    await project.sync()
    const found = await nothingWith(project, { refs: ['ui-components/cards/bad-*'], browser: true })
    const of = (name: string) => found.filter(({ ref }) => ref === `ui-components/cards/bad-${name}`).map(({ code, message }) => [code, message])
    const noAlt = ['EXAMPLE_INACCESSIBLE', expect.stringMatching(/^Its example Full: .*\(image-alt, critical\): <img src="data:,".*>/)]
    expect(of('astro')).toEqual([noAlt])
    for (const name of ['react', 'vue', 'svelte']) expect(of(name)).toEqual([['EXAMPLE_BROKEN', expect.stringMatching(/^Its example Empty cannot be shown: .*trim/)], noAlt])
    expect(of('lost')).toEqual([['EXAMPLE_BROKEN', expect.stringContaining('nowhere.css')]])
    expect(found.map(({ message }) => message).join()).not.toContain(project.root)
    expect(found.find(({ code }) => code === 'EXAMPLE_INACCESSIBLE')!.hint).toMatch(/^https:\/\/dequeuniversity\.com\//)
  })
})
