/**
 * One search in a catalog, in a process that did nothing before.
 * @param argv - folder of the project, address of the catalog
 */
import { searchCatalog } from '../catalog-search.mjs'

const [root, url] = process.argv.slice(2)
console.log(JSON.stringify(await searchCatalog({ root, url })))
