import type { APIRoute } from 'astro'
import { getCollection } from 'astro:content'
import { blog } from '../blog-settings'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character]!)

/** RSS 2.0, newest post first. */
export const GET: APIRoute = async ({ site }) => {
  if (!site) throw new Error('The feed needs the address of the site: set site in astro.config.')
  const posts = (await getCollection('blog', ({ data }) => !data.draft)).sort((a, b) => b.data.date.getTime() - a.data.date.getTime())
  const items = posts.map(({ id, data }) => {
    const link = escape(new URL(`/blog/${id}/`, site).href)
    return `<item><title>${escape(data.title)}</title><link>${link}</link><guid>${link}</guid><pubDate>${data.date.toUTCString()}</pubDate><description>${escape(data.description)}</description></item>`
  })
  const channel = `<title>${escape(blog.title)}</title><link>${escape(site.href)}</link><description>${escape(blog.description)}</description><language>${escape(blog.language)}</language>`
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>${channel}${items.join('')}</channel></rss>\n`, {
    headers: { 'content-type': 'application/rss+xml; charset=utf-8' },
  })
}
