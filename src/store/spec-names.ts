import { defineError, type AssetloomError } from '../core/errors.ts'
import { foldedName } from '../core/names.ts'
import type { SpecInstance } from '../core/spec-instance.ts'
import type { FoundTemplate } from './parse-spec-file.ts'
import type { SpecRecords } from './spec-records.ts'

const specDuplicate = defineError('SPEC_DUPLICATE', {
  summary: 'Two specs have the same id, name, token or output path.',
  message: (d: { what: string; name: string; first: string; second: string }) =>
    `The ${d.what} ${d.name} stands in ${d.first} and in ${d.second}.`,
  hint: () => 'Rename one of them: ids, manifest keys, tokens and output paths are unique in a project.',
})

/** A file that cannot be used, or a name in it that stands elsewhere too. */
export interface SpecFault {
  file: string
  error: AssetloomError
}

/** What a spec may be called by. */
export function specNames(instance: SpecInstance): string[] {
  return [instance.specId, ...instance.aliases, ...(typeof instance.token === 'string' ? [instance.token] : [])]
}

/** A project's own template takes the place of a shipped one; two of its own are an error. */
export function collectTemplates(
  fromPackage: readonly string[],
  own: readonly string[],
  records: SpecRecords,
  faults: SpecFault[],
): Map<string, FoundTemplate> {
  const templates = new Map<string, FoundTemplate>()
  for (const file of fromPackage)
    for (const template of records.get(file)!.templates) templates.set(template.template, { template, file })
  const seen = new Map<string, string>()
  for (const file of own)
    for (const template of records.get(file)!.templates) {
      const first = seen.get(template.template)
      if (first !== undefined)
        faults.push({ file, error: specDuplicate({ what: 'template', name: template.template, first, second: file }) })
      seen.set(template.template, file)
      templates.set(template.template, { template, file })
    }
  return templates
}

/** Ids, names, tokens and output paths that stand twice. */
export function nameCollisions(instances: readonly SpecInstance[]): SpecFault[] {
  const faults: SpecFault[] = []
  const note = (seen: Map<string, string>, key: string, what: string, name: string, file: string) => {
    const first = seen.get(key)
    if (first === undefined) seen.set(key, file)
    else faults.push({ file, error: specDuplicate({ what, name, first, second: file }) })
  }
  const [ids, names, paths] = [new Map<string, string>(), new Map<string, string>(), new Map<string, string>()]
  for (const { specId, aliases, token, path, file } of instances) {
    note(ids, specId, 'spec id', specId, file)
    for (const alias of aliases) note(names, alias, 'manifest key', alias, file)
    if (typeof token === 'string') note(names, token, 'token', token, file)
    if (path !== undefined) note(paths, foldedName(path), 'output path', path, file)
  }
  return faults
}
