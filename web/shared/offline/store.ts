import { Drawer, guest, type ItemRow, type ItemState, type PhotoRow } from './drawer.ts'
import { newKey, seal, sealValue, unseal, unsealValue } from './seal.ts'
import { dayMs, guestDays, pagesDays, pagesMax, sentDays, workDays } from './terms.ts'

/** A photo or recording, as it was taken. */
export interface Photo {
  id: string
  blob: Blob
  name: string
}

/** What is to be sent, and how the outbox names it to the person. */
export interface Content {
  /** What it is: the category, or the move's name. */
  title: string
  place: string
  /** In the person's own words. */
  words: string
  /** Labels and answers of a form, as they were filled in. */
  answers: { label: string; value: string }[]
  path: string
  body: Record<string, unknown>
  key: string
  headers: Record<string, string>
  /** The draft that it was written as, to be opened again. */
  draft?: unknown
}

/** What the server said to it. */
export interface Outcome {
  number?: string
  /** It arrived, and so much of it a person has to decide. */
  conflicts?: number
  message?: string
  code?: string
  fields?: { path: string; message: string }[]
}

export interface NewItem extends Content {
  id: string
  kind: ItemRow['kind']
  subject: string
  at: number
  photos: readonly (Photo & { role: string })[]
}

/** An item as it is shown and sent. */
export interface Item extends Content, Outcome {
  id: string
  kind: ItemRow['kind']
  subject: string
  at: number
  state: ItemState
  tries: number
  nextAt: number
  photos: number
}

interface DraftWithPhotos {
  photos?: readonly Photo[]
}

const boundTo = (table: string, ...key: string[]) => [table, ...key].join('/')

/**
 * What this phone keeps for the one person who is signed in on it, sealed with a key of that person's own.
 *
 * One account at a time: entering another, signing out, or the server saying that the session was ended, deletes the key
 * and all that lies under it.
 */
export class OfflineStore {
  readonly drawer: Drawer
  readonly #now: () => number
  #entered: string | undefined

  constructor(drawer = new Drawer(), now: () => number = Date.now) {
    this.drawer = drawer
    this.#now = now
  }

  /** Whose things may be shown now; nobody's while the server has not said who is here. */
  get entered(): string | undefined {
    return this.#entered
  }

  /** Without a network the last person goes on, as long as the server knew them within a week. */
  async resume(): Promise<string | undefined> {
    await this.expire()
    const [last] = await this.drawer.keeping.where('account').notEqual(guest).toArray()
    if (last && this.#now() - last.seenAt < pagesDays * dayMs) this.#entered = last.account
    return this.#entered
  }

  /** The server says who is here: somebody else's things go, one's own open. */
  async enter(account: string): Promise<void> {
    const others = (await this.drawer.keeping.toArray()).filter((row) => row.account !== account)
    for (const other of others) if (other.account !== guest) await this.#forget(other.account)
    await this.#keyOf(account)
    await this.drawer.keeping.update(account, { seenAt: this.#now() })
    this.#entered = account
  }

  /** The session is over, the person may come back: nothing is shown until then. */
  lock(): void {
    this.#entered = undefined
  }

  /** Deletes everything and its keys. */
  async wipe(): Promise<void> {
    this.#entered = undefined
    const { keeping, item, photo, page, draft } = this.drawer
    await this.drawer.transaction('rw', [keeping, item, photo, page, draft], () =>
      Promise.all([keeping, item, photo, page, draft].map((table) => table.clear())),
    )
  }

  /** What was kept too long without a word from the server goes. */
  async expire(): Promise<void> {
    const now = this.#now()
    for (const { account, seenAt } of await this.drawer.keeping.toArray()) {
      const days = (now - seenAt) / dayMs
      if (days >= (account === guest ? guestDays : workDays)) await this.#forget(account)
      else if (days >= pagesDays) await this.drawer.page.where({ account }).delete()
    }
    const old = (row: ItemRow) => row.state === 'sent' && now - row.nextAt > sentDays * dayMs
    await this.drawer.item.filter(old).delete()
  }

  async #forget(account: string): Promise<void> {
    const { keeping, item, photo, page, draft } = this.drawer
    await this.drawer.transaction('rw', [keeping, item, photo, page, draft], async () => {
      await keeping.delete(account)
      await item.filter((row) => row.account === account).delete()
      for (const table of [photo, page, draft]) await table.where({ account }).delete()
    })
  }

  async #keyOf(account: string): Promise<CryptoKey> {
    const held = await this.drawer.keeping.get(account)
    if (held) return held.key
    const key = await newKey()
    const { keeping } = this.drawer
    // Two tabs at once make one key: the first that is written stands.
    return this.drawer.transaction('rw', keeping, async () => {
      const standing = await keeping.get(account)
      if (standing) return standing.key
      await keeping.add({ account, key, seenAt: this.#now() })
      return key
    })
  }

  async #key(): Promise<{ account: string; key: CryptoKey } | undefined> {
    const held = this.#entered && (await this.drawer.keeping.get(this.#entered))
    return held || undefined
  }

  /** Keeps what the server answered to `path`, for reading it without a network. */
  async keepPage(path: string, value: unknown): Promise<void> {
    const held = await this.#key()
    if (!held) return
    const { account, key } = held
    const sealed = await sealValue(key, boundTo('page', account, path), value)
    await this.drawer.page.put({ account, path, at: this.#now(), sealed })
    const count = await this.drawer.page.where({ account }).count()
    if (count <= pagesMax) return
    const byAge = this.drawer.page.where('[account+at]').between([account, 0], [account, Infinity])
    await this.drawer.page.bulkDelete((await byAge.limit(count - pagesMax).toArray()).map((row) => [account, row.path]))
  }

  async findPage(path: string): Promise<{ value: unknown; at: number } | undefined> {
    const held = await this.#key()
    const row = held && (await this.drawer.page.get([held.account, path]))
    if (!held || !row) return undefined
    return { value: await unsealValue(held.key, boundTo('page', held.account, path), row.sealed), at: row.at }
  }

  /** Under which paths that begin so something is kept. */
  async pathsOf(begin: string): Promise<string[]> {
    if (this.#entered === undefined) return []
    const kept = await this.drawer.page.where({ account: this.#entered }).toArray()
    return kept.map(({ path }) => path).filter((path) => path.startsWith(begin))
  }

  /** Deletes what was kept under paths that begin so, but for those named. */
  async dropPages(begin: string, but: ReadonlySet<string> = new Set()): Promise<void> {
    const account = this.#entered
    if (account === undefined) return
    const kept = await this.drawer.page.where({ account }).toArray()
    const gone = kept.filter(({ path }) => path.startsWith(begin) && !but.has(path))
    await this.drawer.page.bulkDelete(gone.map(({ path }) => [account, path]))
  }

  async keepDraft(name: string, draft: DraftWithPhotos): Promise<void> {
    const account = this.#entered ?? guest
    const key = await this.#keyOf(account)
    const owner = `draft:${name}`
    const { photos = [], ...rest } = draft
    const held = new Set((await this.#photosOf(account, owner)).map(({ id }) => id))
    const fresh = await Promise.all(
      photos
        .filter(({ id }) => !held.has(id))
        .map((photo) => this.#sealPhoto(key, { ...photo, role: '' }, { account, owner })),
    )
    const whole = { ...rest, photos: photos.map(({ id }) => id) }
    const sealed = await sealValue(key, boundTo('draft', account, name), whole)
    const tables = [this.drawer.draft, this.drawer.photo]
    await this.drawer.transaction('rw', tables, async () => {
      await this.drawer.photo.bulkPut(fresh)
      const gone = new Set([...held].filter((id) => !whole.photos.includes(id)))
      await this.drawer.photo
        .where('owner')
        .equals(owner)
        .and(({ id }) => gone.has(id))
        .delete()
      await this.drawer.draft.put({ account, name, at: this.#now(), sealed })
    })
  }

  async findDraft(name: string): Promise<DraftWithPhotos | undefined> {
    for (const account of [this.#entered, guest]) {
      const row = account && (await this.drawer.draft.get([account, name]))
      const held = account && (await this.drawer.keeping.get(account))
      if (!row || !held) continue
      const draft = (await unsealValue(held.key, boundTo('draft', held.account, name), row.sealed)) as object
      const rows = await this.#photosOf(held.account, `draft:${name}`)
      const places = (draft as { photos: string[] }).photos
      rows.sort((one, other) => places.indexOf(one.id) - places.indexOf(other.id))
      return { ...draft, photos: await Promise.all(rows.map((photo) => this.#open(held.key, photo))) }
    }
    return undefined
  }

  async dropDraft(name: string): Promise<void> {
    const accounts = [this.#entered ?? guest, guest]
    await this.drawer.transaction('rw', [this.drawer.draft, this.drawer.photo], async () => {
      for (const account of accounts) await this.drawer.draft.delete([account, name])
      const mine = this.drawer.photo.where('owner').equals(`draft:${name}`)
      await mine.and((row) => accounts.includes(row.account)).delete()
    })
  }

  async #sealPhoto(
    key: CryptoKey,
    photo: Photo & { role: string },
    at: { account: string; owner: string; order?: number },
  ): Promise<PhotoRow> {
    const { id, blob, name, role } = photo
    const { account, owner, order = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) } = at
    const sealed = await seal(key, boundTo('photo', account, id), await blob.arrayBuffer())
    const sealedName = await sealValue(key, boundTo('photo-name', account, id), name)
    return { id, account, owner, order, role, sent: 0, sizeBytes: blob.size, type: blob.type, name: sealedName, sealed }
  }

  async #open(key: CryptoKey, row: PhotoRow): Promise<Photo & { role: string; sent: boolean }> {
    const bytes = await unseal(key, boundTo('photo', row.account, row.id), row.sealed)
    const name = String(await unsealValue(key, boundTo('photo-name', row.account, row.id), row.name))
    return { id: row.id, name, blob: new Blob([bytes], { type: row.type }), role: row.role, sent: row.sent === 1 }
  }

  async #photosOf(account: string, owner: string): Promise<PhotoRow[]> {
    const rows = await this.drawer.photo.where('owner').equals(owner).toArray()
    return rows.filter((row) => row.account === account).sort((a, b) => a.order - b.order)
  }

  /**
   * Puts an act into the outbox with its photos, whole or not at all; the same id again changes nothing.
   *
   * @throws QuotaExceededError where the phone has no room left.
   */
  async put(item: NewItem): Promise<void> {
    const held = await this.#key()
    if (!held) throw new Error('nobody has entered')
    const { account, key } = held
    const { id, kind, subject, at, photos, ...content } = item
    const owner = `item:${id}`
    const rows: PhotoRow[] = []
    for (const [order, photo] of photos.entries())
      rows.push(await this.#sealPhoto(key, photo, { account, owner, order }))
    const sealed = await sealValue(key, boundTo('item', account, id), content)
    const { item: items, photo } = this.drawer
    await this.drawer.transaction('rw', [items, photo], async () => {
      if (await items.get(id)) return
      await photo.bulkPut(rows)
      await items.add({
        id,
        account,
        kind,
        subject,
        at,
        state: 'waiting',
        tries: 0,
        nextAt: 0,
        sealed,
        outcome: null,
      })
    })
  }

  /** The outbox in the order in which things were done. */
  async list(): Promise<Item[]> {
    const held = await this.#key()
    if (!held) return []
    const { account, key } = held
    const rows = await this.drawer.item.where('[account+at]').between([account, 0], [account, Infinity]).toArray()
    return Promise.all(rows.map((row) => this.#openItem(key, row)))
  }

  async #openItem(key: CryptoKey, row: ItemRow): Promise<Item> {
    const { id, account, kind, subject, at, state, tries, nextAt } = row
    const content = (await unsealValue(key, boundTo('item', account, id), row.sealed)) as Content
    const outcome = row.outcome
      ? ((await unsealValue(key, boundTo('outcome', account, id), row.outcome)) as Outcome)
      : {}
    const photos = await this.drawer.photo.where('owner').equals(`item:${id}`).count()
    return { ...content, ...outcome, id, kind, subject, at, state, tries, nextAt, photos }
  }

  /** How many things of whoever was last here are not sent yet; also while the person is signed out. */
  async unsent(): Promise<number> {
    return this.drawer.item.filter((row) => row.state !== 'sent').count()
  }

  async photosOf(id: string): Promise<(Photo & { role: string; sent: boolean })[]> {
    const held = await this.#key()
    if (!held) return []
    const rows = await this.#photosOf(held.account, `item:${id}`)
    return Promise.all(rows.map((row) => this.#open(held.key, row)))
  }

  async markSent(photoId: string): Promise<void> {
    await this.drawer.photo.update(photoId, { sent: 1 })
  }

  /** The server has them no more: what nobody attached is deleted there after a day. */
  async markUnsent(id: string): Promise<void> {
    await this.drawer.photo.where('owner').equals(`item:${id}`).modify({ sent: 0 })
  }

  /** @returns false where it is gone or another tab has brought it in meanwhile: what arrived is never taken back. */
  async change(
    id: string,
    part: Partial<Pick<ItemRow, 'state' | 'tries' | 'nextAt'>>,
    outcome?: Outcome,
  ): Promise<boolean> {
    const held = await this.#key()
    if (!held) return false
    const sealed = outcome && (await sealValue(held.key, boundTo('outcome', held.account, id), outcome))
    const open = this.drawer.item
      .where('id')
      .equals(id)
      .and((row) => row.state !== 'sent')
    return (await open.modify({ ...part, ...(sealed ? { outcome: sealed } : {}) })) > 0
  }

  /** It is in: its words and photos leave the phone, its number stays for a week. */
  async settle(item: Item, outcome: Outcome): Promise<void> {
    const held = await this.#key()
    if (!held) return
    const { account, key } = held
    const { title, place } = item
    const slim: Content = { title, place, words: '', answers: [], path: '', body: {}, key: '', headers: {} }
    const sealed = await sealValue(key, boundTo('item', account, item.id), slim)
    const sealedOutcome = await sealValue(key, boundTo('outcome', account, item.id), outcome)
    await this.drawer.transaction('rw', [this.drawer.item, this.drawer.photo], async () => {
      const nextAt = this.#now()
      await this.drawer.item.update(item.id, { state: 'sent', sealed, outcome: sealedOutcome, nextAt })
      await this.drawer.photo.where('owner').equals(`item:${item.id}`).delete()
    })
  }

  async drop(id: string): Promise<void> {
    await this.drawer.transaction('rw', [this.drawer.item, this.drawer.photo], async () => {
      await this.drawer.item.delete(id)
      await this.drawer.photo.where('owner').equals(`item:${id}`).delete()
    })
  }

  /** What a person decided about a conflict takes the place of what was refused, with the same photos. */
  async replace(id: string, next: Omit<NewItem, 'photos'>): Promise<void> {
    const held = await this.#key()
    if (!held) return
    const { account, key } = held
    const { id: nextId, kind, subject, at, ...content } = next
    const sealed = await sealValue(key, boundTo('item', account, nextId), content)
    const row = { id: nextId, account, kind, subject, at, state: 'waiting' as const, tries: 0, nextAt: 0 }
    await this.drawer.transaction('rw', [this.drawer.item, this.drawer.photo], async () => {
      await this.drawer.item.delete(id)
      await this.drawer.item.put({ ...row, sealed, outcome: null })
      await this.drawer.photo
        .where('owner')
        .equals(`item:${id}`)
        .modify({ owner: `item:${nextId}` })
    })
  }
}
