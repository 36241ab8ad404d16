import { sectionsOf } from '../web/console/admin/sections.ts'
import { signInAs } from '../test/support/running-house.ts'
import { facesOf, type Faces } from './faces.ts'

export type Face = keyof Faces

/** A page as somebody sees it. */
export interface GalleryPage {
  face: Face
  /** As the router has it, by which the picture is named. */
  address: string
  /** As it is opened: with one real thing where the page shows one. */
  path: string
  /** Who looks, by login name or title; null: nobody is signed in. */
  who: string | null
  /** Whose post does not reach it. Undefined: nobody is refused here. */
  refused?: string
  /** The same page of something that is not there, or not for these eyes. */
  missing?: string
  /** Whether it is ever empty. */
  hasEmpty: boolean
}

/** One of everything that a page can show. */
interface Things {
  matter: string
  task: string
  own: string
  diary: string
  code: string
  /** Of the register and the rounds: what `$id` stands for, by the address before it. */
  of: Readonly<Record<string, string>>
}

/** Addresses of the desk that show one thing, and the list in which there is one. */
const listed: Readonly<Record<string, string>> = {
  '/console/registry/buildings/': '/registry/buildings',
  '/console/registry/premises/': '/registry/premises',
  '/console/registry/households/': '/registry/households',
  '/console/registry/people/': '/registry/people',
  '/console/registry/organisations/': '/registry/organisations',
  '/console/import/': '/registry/imports',
  '/console/visits/': '/visits/campaigns',
}

const nowhere = '00000000-0000-7000-8000-000000000000'
const county = '330411'
/** 红联村, of which the demo tells most. */
const village = '330411/330411105/330411105211'

/** Pages of the phone below those that its router names. */
const phoneDetails = ['/h5/tasks/$task', '/h5/mine/$own', '/h5/diary/$diary', '/h5/diary/new']

/** Reads of a running demo house one thing of each kind; what it has none of stays an address of nothing. */
export async function thingsOf(url: string): Promise<Things> {
  const ask = async (who: string, path: string): Promise<{ items: { id: string }[] }> => {
    const headers = { cookie: await signInAs(url, who, county), 'tongxin-county': county }
    const answer = await fetch(`${url}/api/v1${path}`, { headers })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as { items: { id: string }[] }
  }
  const first = async (who: string, path: string): Promise<string> => (await ask(who, path)).items[0]?.id ?? nowhere
  const of: Record<string, string> = {}
  for (const [address, list] of Object.entries(listed)) of[address] = await first('secretary', `${list}?limit=1`)
  return {
    of,
    matter: await first('dispatcher', '/matters?scope=closed&limit=1'),
    task: await first('lead.1', '/matters?scope=mine&limit=1'),
    own: await first('居民', '/my/matters?limit=1'),
    diary: await first('lead.1', '/diary/mine?limit=1'),
    code: await reportedCode(url),
  }
}

/** A report of one's own, by whose code its progress is shown. */
async function reportedCode(url: string): Promise<string> {
  const cookie = await signInAs(url, 'lead.1', county)
  const headers = { cookie, 'tongxin-county': county, 'content-type': 'application/json', origin: url }
  const posts = (await (await fetch(`${url}/api/v1/grid/posts/mine`, { headers })).json()) as {
    items: { areaPath: string }[]
  }
  const report = {
    kind: 'event',
    category: '0101',
    text: '小区门口的垃圾桶满了，味道很大。',
    areaPath: posts.items[0]?.areaPath,
  }
  const answer = await fetch(`${url}/api/v1/matters`, { method: 'POST', headers, body: JSON.stringify(report) })
  return ((await answer.json()) as { progressCode?: string | null }).progressCode ?? `${county}.AAAA-AAAA-AAAA`
}

/** Every page of every face with real things in it, and who sees it. */
export function galleryPages(things: Things): GalleryPage[] {
  const faces = facesOf()
  const filled = (address: string): string =>
    idFilled(address)
      .replace('/matters/$id', `/matters/${things.matter}`)
      .replace('/diary/$id', `/diary/${things.diary}`)
      .replace('$task', things.task)
      .replace('$own', things.own)
      .replace('$diary', things.diary)
      .replace('$code', things.code)
      .replace('$token', `${county}.no-such-link`)
      .replace('$building', things.of['/console/registry/buildings/'] ?? nowhere)
      .replace(/(areas\/(boundary|split|merge))$/, `$1?area=${village}`)
  function idFilled(address: string): string {
    const before = Object.keys(things.of).find((one) => address.startsWith(`${one}$id`))
    return before === undefined ? address : address.replace('$id', things.of[before] ?? nowhere)
  }
  const missing = (address: string) =>
    address.includes('$')
      ? address.replace(/\$\w+/, /code|token/.test(address) ? `${county}.AAAA` : nowhere)
      : undefined
  const open = faces.open.map((address): GalleryPage => {
    return { face: 'open', address, path: filled(address), who: null, hasEmpty: false, ...gone(missing(address)) }
  })
  const phone = [...faces.h5, ...phoneDetails].map((address): GalleryPage => {
    const who = address === '/h5' ? null : /^\/h5\/(mine|own)/.test(address) ? '居民' : 'lead.1'
    const page = { face: 'h5' as const, address, path: filled(address), who, hasEmpty: address !== '/h5' }
    return { ...page, ...gone(missing(address)) }
  })
  return [
    ...open,
    ...phone,
    ...faces.console.flatMap((address) => deskPages(address, filled(address), missing(address))),
  ]
}

const gone = (missing: string | undefined) => (missing === undefined ? {} : { missing })

function deskPages(address: string, path: string, missing: string | undefined): GalleryPage[] {
  if (address.endsWith('/$section')) {
    return Object.entries(sectionsOf).flatMap(([seat, sections]) =>
      sections.map((section): GalleryPage => {
        const own = address.replace('$section', section)
        const page = { face: 'console' as const, path: own, who: seat, refused: 'dispatcher', hasEmpty: true }
        return { ...page, address: `${own}-${seat}` }
      }),
    )
  }
  const administration = /\/(admin|sms|setup|handover)\b/.test(address)
  const village = /\/(diary|poster|registry|import|visits|own-requests|follow-ups)\b/.test(address)
  const ground = /\/areas\/\w/.test(address)
  const who = administration ? 'system' : village ? 'secretary' : ground ? 'grid.office' : 'dispatcher'
  const refused = administration ? 'dispatcher' : 'system'
  return [{ face: 'console', address, path, who, refused, hasEmpty: true, ...gone(missing) }]
}
