import { expect, test } from 'vitest'
import { eventsOf } from '../src/identity/watch/rules.ts'
import { listEvents } from '../src/ledger/index.ts'
import '../src/server.ts'

test('every look behind a mask and every export that the house knows stands among the acts that audit reads', () => {
  const names = listEvents().map(({ name }) => name)
  const watched = names.filter((name) => /\.(unmasked|original_opened|exported)$/.test(name))
  expect(watched).toContain('diary.unmasked')
  expect([...eventsOf.look, ...eventsOf.export]).toEqual(expect.arrayContaining(watched))
})
