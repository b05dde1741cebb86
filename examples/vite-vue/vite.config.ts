import vue from '@vitejs/plugin-vue'
import assetloom from 'assetloom/vite'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [assetloom(), vue()] })
