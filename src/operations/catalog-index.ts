import { defineOperation } from './operation.ts'
import makeIndex from './make-index.ts'

/** `index` under the name of its family. */
export default defineOperation({ ...makeIndex, example: 'assetloom catalog index --check' })
