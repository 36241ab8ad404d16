import { enterPerson } from '../support/registry.ts'
import type { AccessCase } from './harness.ts'

const name = '扫查唯一人'
const phone = '13857300917'

export const cases: AccessCase[] = [
  {
    route: 'POST /api/v1/registry/search',
    wrongPlace: 'ownData',
    secrets: () => [name, '138****0917'],
    prepare: async ({ app, county, rightPlace }) => {
      await app.db.transaction(county, (tx) => enterPerson(tx, app.app.vault, { name, phone, areaPath: rightPlace }))
      return { url: '/api/v1/registry/search', payload: { q: name } }
    },
  },
]
