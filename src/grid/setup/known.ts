import type { Role } from '../posts/index.ts'

/** What the county has already, as a sheet is held against it. */
export interface KnownCounty {
  readonly county: string
  readonly areas: readonly KnownPlace[]
  readonly posts: readonly KnownChair[]
  readonly roles: ReadonlyMap<string, Pick<Role, 'code' | 'zh'>>
  /** Staff of the phones that stand in the sheet. */
  readonly people: ReadonlyMap<string, KnownPerson>
  readonly loginNames: ReadonlySet<string>
  readonly units: readonly { code: string; zh: string }[]
}

export interface KnownPlace {
  readonly id: string
  readonly path: string
  readonly name: string
  readonly kind: string
}

export interface KnownChair {
  readonly id: string
  readonly areaId: string
  readonly role: string
  readonly unit: string | null
  readonly name: string
  readonly place: number
  readonly version: number
  readonly holderA: string | null
  readonly holderB: string | null
}

export interface KnownPerson {
  readonly id: string
  readonly name: string
  readonly seated: boolean
  readonly disabled: boolean
}
