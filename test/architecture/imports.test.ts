import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastGlob from 'fast-glob'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const src = fileURLToPath(new URL('../../src', import.meta.url))

/** Who may import whom; the table of ARCHITECTURE.md. `workspace` stands for workspace.ts and options.ts with their folders. */
const allowed: Record<string, string[]> = {
  core: [],
  plan: ['core'],
  store: ['core'],
  generators: ['core'],
  engine: ['core', 'plan'],
  workspace: ['core', 'plan', 'store', 'generators', 'engine'],
  operations: ['core', 'plan', 'workspace'],
  server: ['core', 'operations', 'workspace'],
  mcp: ['core', 'operations', 'workspace'],
  cli: ['core', 'operations', 'workspace', 'server', 'mcp'],
  plugin: ['core', 'operations', 'workspace', 'server', 'mcp'],
  studio: [],
  runtime: [],
  index: ['core', 'generators', 'workspace'],
}
/** These take types from anywhere: they run in a browser. */
const typesOnly = new Set(['studio', 'runtime'])
const bareAllowedInCore = new Set(['zod', 'semver', 'fastest-levenshtein', 'diff', 'acorn'])

interface Arrow {
  file: string
  from: string
  to: string
  specifier: string
  isType: boolean
}

function folderOf(file: string): string {
  const path = relative(src, file).split('\\').join('/')
  if (/^(?:workspace|options)(?:\.ts$|\/)/.test(path)) return 'workspace'
  if (path === 'index.ts') return 'index'
  return path.split('/')[0]!
}

function readArrows(): Arrow[] {
  const files = fastGlob.sync('**/*.{ts,tsx}', { cwd: src, absolute: true, ignore: ['**/*.test.ts', '**/*.d.ts'] })
  return files.flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
    const arrows: Arrow[] = []
    const add = (specifier: string, isType: boolean) => {
      const to = specifier.startsWith('.') ? folderOf(join(dirname(file), specifier)) : specifier
      arrows.push({ file: relative(src, file), from: folderOf(file), to, specifier, isType })
    }
    const visit = (node: ts.Node) => {
      if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier))
        add(node.moduleSpecifier.text, ts.isImportDeclaration(node) ? node.importClause?.isTypeOnly === true : node.isTypeOnly)
      if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && ts.isStringLiteral(node.arguments[0]!)) add(node.arguments[0].text, false)
      if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) add(node.argument.literal.text, true)
      ts.forEachChild(node, visit)
    }
    visit(source)
    return arrows
  })
}

const arrows = readArrows()

describe('imports', () => {
  it('run along the table', () => {
    const inner = arrows.filter((arrow) => arrow.specifier.startsWith('.') && arrow.from !== arrow.to)
    const drawn = new Map<string, Set<string>>()
    for (const { from, to } of inner) drawn.set(from, (drawn.get(from) ?? new Set()).add(to))
    console.info([...drawn].map(([from, to]) => `${from} → ${[...to].sort().join(', ')}`).sort().join('\n'))
    const wrong = inner.filter(({ from, to, isType }) => !(allowed[from] ?? []).includes(to) && !(typesOnly.has(from) && isType))
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([])
    expect(inner.length).toBeGreaterThan(50)
  })

  it('keep core and plan pure: no disk, no network, no clock, no randomness', () => {
    const outer = arrows.filter(({ from, specifier }) => (from === 'core' || from === 'plan') && !specifier.startsWith('.'))
    const wrong = outer.filter(({ file, specifier }) => !bareAllowedInCore.has(specifier.split('/')[0]!) && !(specifier === 'node:crypto' && file === 'core/digest.ts'))
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([])
    const impure = fastGlob
      .sync(['core/**/*.ts', 'plan/**/*.ts'], { cwd: src, ignore: ['**/*.test.ts'] })
      .filter((file) => /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bfetch\(/.test(readFileSync(join(src, file), 'utf8')))
    expect(impure).toEqual([])
  })

  it('give the browser no Node and no zod', () => {
    const wrong = arrows.filter(({ from, specifier, isType }) => typesOnly.has(from) && !isType && !specifier.startsWith('.'))
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([])
  })

  it('read the environment in the options only', () => {
    const files = fastGlob.sync('**/*.ts', { cwd: src, ignore: ['**/*.test.ts'] })
    expect(files.filter((file) => !/^options(?:\.ts$|\/)/.test(file) && /\bprocess\.env\b/.test(readFileSync(join(src, file), 'utf8')))).toEqual([])
  })

  it('leave exiting to src/cli/main.ts', () => {
    const files = fastGlob.sync('**/*.ts', { cwd: src, ignore: ['**/*.test.ts'] })
    expect(files.filter((file) => file !== 'cli/main.ts' && /\bprocess\.exit\(/.test(readFileSync(join(src, file), 'utf8')))).toEqual([])
  })

  it('have no drawers', () => {
    const files = fastGlob.sync('**/*', { cwd: src, onlyFiles: false })
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|manager|service)(\.|\/|$)/.test(file))).toEqual([])
  })
})
