import { defineConfig } from 'assetloom'

export default defineConfig({ constants: false })
