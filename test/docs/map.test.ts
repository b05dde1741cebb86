import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { operations } from '../../src/operations/index.ts'
import { repository } from '../project.ts'

/** Names that designs of asset libraries give to parts, methods, fields and commands. */
const usual = `
  DesignToken StylePrompt Template UIComponent Workflow Module Tool GlobalConfig SiteConfigTemplate DeploymentConfig AIPrompt
  AgentWorkflow SubAgent AgentSkill SiteConfig
  id type category name description tags keywords author license version created_at updated_at is_public tested dependencies
  dependents downloads views rating usage_count token_cost load_time size accessibility_score performance_score files preview
  documentation value usage prompt parameters examples effectiveness tokenCost code slots props framework styles accessibility
  steps triggers conditions outputs configuration integration execute options config applies_to overrides recommended_assets
  platform environment_vars build_settings variables avgTokens agents parallel_steps avgDuration successRate capabilities
  parent_agents skills prompt_template performance asset_preferences auto_import version_pinning cache_strategy design_tokens
  style_prompts templates ui_components workflows modules
  AssetRegistry register search filter get getByCategory update delete getStats
  VersionControl createVersion getVersions rollback diff createBranch mergeBranch
  DependencyManager addDependency getDependencies getDependents buildGraph detectConflicts resolve
  SearchEngine searchByTags semanticSearch reindex CacheManager cache invalidate precompile optimize clear
  ImportExport exportAsset exportCollection importAsset importCollection createPackage installPackage
  PromptCache cachePrompt getCached ContextCompressor compress decompress summarize
  IncrementalGenerator generateChunk streamGenerate resume TemplateOptimizer findPatterns createTemplate applyTemplate
  browse info use apply customize generate create duplicate versions export import package install run configure override deploy
  test validate analyze cleanup`.match(/\w+/g)!

/** Cells of the rows of the page's tables. */
const rows = readFileSync(join(repository, 'docs/map.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\|? *| *\|?$/g, '')))
const codes = (cells: readonly string[]) => cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!))

it('the map has a row for every usual name', () => {
  const words = new Set(rows.flatMap((cells) => codes(cells.slice(0, -1))).flatMap((code) => code.match(/\w+/g) ?? []))
  expect(usual.filter((name) => !words.has(name))).toEqual([])
})

it('the map says of every row what it is here', () => {
  expect(rows.filter((cells) => !cells.slice(1).some((cell) => cell !== ''))).toEqual([])
})

it('commands that the map links are commands', () => {
  const names = new Set(operations.map(({ name }) => name.replace(' ', '-')))
  const linked = rows.flatMap((cells) => [...cells.join(' ').matchAll(/cli\.md#([\w-]+)/g)].map(([, anchor]) => anchor!))
  expect(linked.filter((name) => !names.has(name))).toEqual([])
  expect(linked.length).toBeGreaterThan(30)
})
