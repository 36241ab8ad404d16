import type { Tx } from '../../kernel/db.ts'
import type { Channel } from './contract.ts'

export interface WordingRow {
  county: string
  name: string
  titleZh: string
  bodyZh: string
  titleEn: string
  bodyEn: string
  channels: Channel[]
  providerCodes: { aliyun?: string | null; tencent?: string | null }
  version: number
  updatedAt: Date
}

export async function listWordings(tx: Tx, county: string): Promise<WordingRow[]> {
  const rows = await tx
    .selectFrom('messageWording')
    .selectAll()
    .where('county', '=', county)
    .orderBy('name')
    .limit(200)
    .execute()
  return rows as WordingRow[]
}

/** @returns false when somebody else saved since `row.version - 1`. */
export async function saveWording(tx: Tx, row: WordingRow): Promise<boolean> {
  const { county, name, ...change } = { ...row, providerCodes: JSON.stringify(row.providerCodes) }
  if (row.version === 1) {
    const inserted = tx.insertInto('messageWording').values({ county, name, ...change })
    const { numInsertedOrUpdatedRows } = await inserted
      .onConflict((at) => at.columns(['county', 'name']).doNothing())
      .executeTakeFirstOrThrow()
    return numInsertedOrUpdatedRows === 1n
  }
  const updated = tx.updateTable('messageWording').set(change).where('county', '=', county).where('name', '=', name)
  const { numUpdatedRows } = await updated.where('version', '=', row.version - 1).executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export interface SettingRow {
  county: string
  smsSignName: string | null
  version: number
  updatedAt: Date
}

export async function findSetting(tx: Tx, county: string): Promise<SettingRow | undefined> {
  const found = tx.selectFrom('notifySetting').selectAll().where('county', '=', county)
  return (await found.executeTakeFirst()) as SettingRow | undefined
}

/** @returns false when somebody else saved since `row.version - 1`. */
export async function saveSetting(tx: Tx, row: SettingRow): Promise<boolean> {
  const { county, ...change } = row
  if (row.version === 1) {
    const inserted = tx
      .insertInto('notifySetting')
      .values(row)
      .onConflict((at) => at.column('county').doNothing())
    return (await inserted.executeTakeFirstOrThrow()).numInsertedOrUpdatedRows === 1n
  }
  const updated = tx
    .updateTable('notifySetting')
    .set(change)
    .where('county', '=', county)
    .where('version', '=', row.version - 1)
  return (await updated.executeTakeFirstOrThrow()).numUpdatedRows === 1n
}
