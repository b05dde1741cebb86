import { describe, expect, it } from 'vitest'
import { createShelf } from './shelf.ts'

/* A copy of what came from a catalog is the user's own. */

const yes = { confirm: async () => true }

describe('a duplicate of what came from a catalog', () => {
  it.each([
    ['design-tokens/colors/forest', 'wood'],
    ['tools/generators/shout', 'tools/generators/whisper'],
    ['images/icons/star', 'ICON-ACME-MARK001'],
    ['images/icons/star', 'moon'],
  ])('%s as %s is no asset of the catalog', async (ref, name) => {
    const shelf = await createShelf({ options: { tokens: { families: { ACME: 'Acme' } } } })
    await shelf.ask('add', { query: ref, local: true }, yes)
    const copy = (await shelf.ask('duplicate', { ref, name })).ref as string
    const entry = shelf.manifest().assets[copy]!
    expect(entry.source.type).not.toBe('catalog')
    expect(entry.id ?? copy).toBe(copy)
    expect((await shelf.ask('outdated')).items).toEqual([])
    expect((await shelf.ask('catalog update', { dryRun: true })).items.map((one: { ref: string }) => one.ref)).not.toContain(copy)
    expect(await shelf.ask('which', { name: copy })).not.toHaveProperty('catalog')
    expect((await shelf.ask('sync')).changed).toEqual([])
  })

  it('keeps the type and category, and is refused under a name that is taken or none', async () => {
    const shelf = await createShelf()
    await shelf.ask('add', { query: 'images/icons/star', local: true })
    const { ref, files } = await shelf.ask('duplicate', { ref: 'images/icons/star', name: 'moon' })
    expect({ ref, files }).toEqual({ ref: 'images/icons/moon', files: ['assets/images/icons/moon.png'] })
    expect(shelf.manifest().assets[ref]).toMatchObject({ id: ref, file: files[0], category: 'icons', name: 'moon', license: 'CC0-1.0', source: { type: 'import', copyOf: 'images/icons/star' } })
    for (const [name, code] of [['moon', 'NAME_COLLISION'], ['MOON', 'NAME_COLLISION'], ['../moon', 'NAME_REFUSED'], ['images/icons/sun', 'NAME_REFUSED'], ['a b', 'NAME_REFUSED']])
      await expect(shelf.ask('duplicate', { ref: 'images/icons/star', name })).rejects.toMatchObject({ code })
    expect(Object.keys(shelf.manifest().assets)).toHaveLength(2)
  })
})
