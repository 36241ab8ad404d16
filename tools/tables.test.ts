import { describe, expect, test } from 'vitest'
import type { Catalogue, ColumnFacts } from '../src/kernel/catalogue.ts'
import { tableTypes } from './tables.ts'

const column = (name: string, type: string, rest: Partial<ColumnFacts> = {}): ColumnFacts => ({
  name,
  type,
  collation: null,
  notNull: true,
  expression: null,
  generated: false,
  counts: false,
  comment: null,
  ...rest,
})
const catalogueOf = (...columns: ColumnFacts[]): Catalogue => ({
  extensions: [],
  functions: [],
  views: [],
  tables: [
    {
      name: 'apple_tree',
      comment: 'Trees */ that bear apples.',
      columns,
      constraints: [],
      indexes: [],
      policies: [],
      triggers: [],
      grants: [],
      rowSecurity: true,
      rowSecurityForced: true,
      options: [],
    },
  ],
})

describe('tableTypes', () => {
  test.each([
    [column('planted_at', 'timestamp with time zone'), 'plantedAt: Instant'],
    [column('felled_at', 'timestamp with time zone', { notNull: false }), 'felledAt: Instant | null'],
    [column('apple_count', 'bigint', { expression: '0' }), 'appleCount: Generated<number>'],
    [column('during', 'tstzrange', { expression: 'x', generated: true }), 'during: ColumnType<string, never, never>'],
    [column('names', 'text[]'), 'names: string[]'],
    [column('form', 'jsonb'), 'form: Json'],
    [column('note', 'jsonb', { notNull: false }), 'note: NullableJson'],
    [column('weight', 'numeric(10,2)'), 'weight: string'],
  ])('%o', (given, expected) => {
    expect(tableTypes(catalogueOf(given))).toContain(`  ${expected}\n`)
  })

  test('names tables as Kysely asks for them, and carries the comments over', () => {
    const text = tableTypes(catalogueOf(column('id', 'uuid', { comment: 'Made by us.' })))
    expect(text).toContain('  appleTree: AppleTreeTable\n')
    expect(text).toContain('/** Trees * / that bear apples. */\nexport interface AppleTreeTable')
    expect(text).toContain('/** Made by us. */\n  id: string')
  })

  test('refuses a type that the driver hands out as something else', () => {
    expect(() => tableTypes(catalogueOf(column('span', 'interval')))).toThrow(
      'apple_tree.span: no TypeScript type for interval',
    )
  })
})
