import { agentSkills } from './agent-skills.ts'
import { agentWorkflows } from './agent-workflows.ts'
import { aiPrompts } from './ai-prompts.ts'
import { deploymentConfigs } from './deployment-configs.ts'
import { designTokens } from './design-tokens.ts'
import { globalConfigs } from './global-configs.ts'
import type { LibraryKind } from './kind.ts'
import { modules } from './modules.ts'
import { siteTemplateConfigs } from './site-templates.ts'
import { stylePrompts } from './style-prompts.ts'
import { subAgents } from './sub-agents.ts'
import { templates } from './templates.ts'
import { tools } from './tools.ts'
import { uiComponents } from './ui-components.ts'
import { workflows } from './workflows.ts'

/** Every kind of library items. One line adds one. */
export const libraryKinds: readonly LibraryKind[] = [
  designTokens,
  stylePrompts,
  templates,
  uiComponents,
  workflows,
  modules,
  tools,
  globalConfigs,
  siteTemplateConfigs,
  deploymentConfigs,
  aiPrompts,
  agentWorkflows,
  subAgents,
  agentSkills,
]

const byName = new Map(libraryKinds.map((kind) => [kind.name, kind]))

export function libraryKind(name: string): LibraryKind | undefined {
  return byName.get(name)
}
