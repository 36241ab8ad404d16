import { expect } from 'vitest'
import { holderId, paths } from '../../test/support/ground.ts'
import type { Asker, TestApp } from '../../test/support/app.ts'
import type { BuildingView, PremisesView } from './addresses/contract.ts'
import type { Person } from './people/contract.ts'

/** Of the same form as an ID number, born on a day; the serial tells one from another. */
export function citizenIdOf(bornOn: string, serial: number): string {
  const body = `330411${bornOn.replaceAll('-', '')}${String(serial).padStart(3, '0')}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, at) => total + weight * Number(body[at]), 0)
  return body + '10X98765432'[sum % 11]
}

/** People in the posts of the test's ground, and what they register. */
export const desks = (app: TestApp) => {
  const holder = (role: string, path: string, unit = '') =>
    app.as({ id: holderId(role, path, unit), label: role, secondFactorAt: app.clock.now() })
  const lead = () => holder('microGridLead', paths.right)
  return {
    lead,
    neighbour: () => holder('microGridLead', paths.beside),
    faraway: () => holder('microGridLead', paths.wrong),
    secretary: () => holder('villageSecretary', paths.village),
    leader: () => holder('townLeader', paths.town),
    async building(body: object = {}, who: Asker = lead()): Promise<BuildingView> {
      const answer = await who.post<BuildingView>('/api/v1/registry/buildings', {
        areaPath: paths.right,
        kind: 'estateBlock',
        estate: '高桥花园',
        name: '3幢',
        source: 'counter',
        ...body,
      })
      expect(answer.status, answer.text).toBe(201)
      return answer.body
    },
    async premises(buildingId: string, body: object = {}, who: Asker = lead()): Promise<PremisesView> {
      const answer = await who.post<PremisesView>('/api/v1/registry/premises', {
        buildingId,
        unit: '1',
        room: '502',
        source: 'counter',
        ...body,
      })
      expect(answer.status, answer.text).toBe(201)
      return answer.body
    },
    async person(body: object = {}, who: Asker = lead()): Promise<Person> {
      const answer = await who.post<Person>('/api/v1/registry/people', { name: '王小明', source: 'counter', ...body })
      expect(answer.status, answer.text).toBe(201)
      return answer.body
    },
  }
}
