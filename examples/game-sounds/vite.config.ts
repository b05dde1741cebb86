import assetloom from 'assetloom/vite'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [assetloom()] })
