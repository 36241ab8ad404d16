import { Dexie, type Table } from 'dexie'
import type { Sealed } from './seal.ts'

export const drawerName = 'tongxin-offline'
/** What nobody signed in began: an open report. */
export const guest = 'guest'

/** For whom the phone keeps things. The key cannot be read out, only used; deleting it deletes all that it sealed. */
export interface Keeping {
  account: string
  key: CryptoKey
  /** When the server last knew this person here. */
  seenAt: number
}

export type ItemState = 'waiting' | 'sending' | 'sent' | 'refused' | 'conflict'

/** An act on its way to the server. What it says is sealed; what is plain orders it and names its fate. */
export interface ItemRow {
  id: string
  account: string
  kind: 'report' | 'move' | 'remark' | 'diary' | 'visit'
  /** Acts on one matter go out one after the other. */
  subject: string
  at: number
  state: ItemState
  tries: number
  nextAt: number
  sealed: Sealed
  /** What the server said. */
  outcome: Sealed | null
}

export interface PhotoRow {
  id: string
  account: string
  /** `item:<id>` or `draft:<name>`. */
  owner: string
  order: number
  role: string
  /** 1 once the server has it. */
  sent: 0 | 1
  sizeBytes: number
  type: string
  name: Sealed
  sealed: Sealed
}

export interface PageRow {
  account: string
  path: string
  at: number
  sealed: Sealed
}

export interface DraftRow {
  account: string
  name: string
  at: number
  sealed: Sealed
}

/** The browser's own database, as small as it can be. */
export class Drawer extends Dexie {
  readonly keeping!: Table<Keeping, string>
  readonly item!: Table<ItemRow, string>
  readonly photo!: Table<PhotoRow, string>
  readonly page!: Table<PageRow, [string, string]>
  readonly draft!: Table<DraftRow, [string, string]>

  constructor(name = drawerName) {
    super(name)
    this.version(1).stores({
      keeping: 'account',
      item: 'id, [account+at], subject',
      photo: 'id, owner, account',
      page: '[account+path], [account+at], account',
      draft: '[account+name], account',
    })
  }
}
