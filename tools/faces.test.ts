import { expect, test } from 'vitest'
import { facesOf, needsOne } from './faces.ts'

test('the pages are read from the routers, those that show one thing marked', () => {
  const faces = facesOf()
  expect(faces.open).toEqual(expect.arrayContaining(['/', '/r', '/p/$code', '/verify', '/complain']))
  expect(faces.h5).toEqual(expect.arrayContaining(['/h5', '/h5/tasks', '/h5/report', '/h5/me']))
  expect(faces.console).toEqual(expect.arrayContaining(['/console', '/console/matters', '/console/matters/$id']))
  expect(faces.console.filter(needsOne)).toContain('/console/matters/$id')
})
