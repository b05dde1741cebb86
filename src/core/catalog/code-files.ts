/** Files that something runs: a host, Node or a shell. */
const codeFile = /\.(?:[cm]?[jt]sx?|astro|vue|svelte|sh|bash|ps1|cmd|bat|py|rb|php|wasm)$/i
/** Kinds whose own file holds commands. */
const typesWithCommands = new Set(['workflows', 'configs/deployment'])

/** The files of an asset that hold code, which is shown to a person before it may run. */
export function codeFilesOf(type: string, paths: readonly string[]): string[] {
  return paths.filter((path, i) => codeFile.test(path) || (i === 0 && typesWithCommands.has(type)))
}
