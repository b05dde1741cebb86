import settings from './blog-settings.json'

/** What stands in blog-settings.json, which assetloom configure writes. */
export const blog: { title: string; description: string; language: string } = settings
