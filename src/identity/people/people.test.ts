import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identityHouse, type IdentityHouse } from '../../../test/support/identity-house.ts'
import type { Command, Purpose } from '../../kernel/command.ts'
import { findOrCreateResident, lockForPost, maskedPhonesOf, nameOf, namesOf, phoneOf, unmask } from './index.ts'
import { maskName, maskPhone, sightOf } from './rules.ts'

let house: IdentityHouse
let resident: string
let officer: string
beforeAll(async () => {
  house = await identityHouse()
  resident = (await house.system((cmd) => findOrCreateResident(cmd, { phone: '13700001111', name: '欧阳春花' }))).id
  officer = (await house.staff()).id
})
afterAll(() => house.close())

const seenBy = (kind: Command['actor']['kind'], purpose: Purpose, id: string | null = null) =>
  house.system((cmd) => {
    const viewer = { ...cmd, purpose, actor: { kind, id, sessionId: null, label: '' } }
    return Promise.all([nameOf(viewer, resident), nameOf(viewer, officer)])
  })

describe('names', () => {
  test.each([
    ['staff', 'handling', '欧**', '王小明'],
    ['staff', 'statistics', '', ''],
    ['token', 'handling', '欧**', '王小明'],
    ['resident', 'own', '', '王**'],
    ['guest', 'own', '', '王**'],
    ['nobody', 'handling', '', '王**'],
    ['system', 'handling', '欧阳春花', '王小明'],
  ] as const)('%s for %s sees “%s” and “%s”', async (kind, purpose, ofResident, ofOfficer) => {
    expect(await seenBy(kind, purpose, kind === 'nobody' ? null : '01900000-0000-7000-8000-00000000000f')).toEqual([
      ofResident,
      ofOfficer,
    ])
  })

  test('oneself sees oneself', async () => {
    expect((await seenBy('resident', 'own', resident))[0]).toBe('欧阳春花')
  })

  test('unknown people have no name; another county sees none of ours', async () => {
    const unknown = '01900000-0000-7000-8000-00000000000e'
    expect(await house.system((cmd) => nameOf(cmd, unknown))).toBe('')
    expect(await house.system((cmd) => namesOf({ ...cmd, county: '330402' }, [resident, officer]))).toEqual(new Map())
    expect(await house.system((cmd) => phoneOf(cmd, resident))).toBe('13700001111')
    expect(await house.system((cmd) => phoneOf(cmd, unknown))).toBeNull()
  })

  test('phones are masked for staff and absent for everybody else', async () => {
    const by = (kind: Command['actor']['kind'], purpose: Purpose = 'handling') =>
      house.system((cmd) =>
        maskedPhonesOf({ ...cmd, purpose, actor: { ...cmd.actor, kind } }, [resident, officer, resident]),
      )
    expect(await by('staff')).toEqual(
      new Map([
        [resident, '137****1111'],
        [officer, expect.stringMatching(/^138\*{4}/)],
      ]),
    )
    expect(await by('staff', 'statistics')).toEqual(new Map())
    expect(await by('resident')).toEqual(new Map())
  })

  test('who may be given a post: staff without a seat', async () => {
    const seated = (await house.staff({ seat: 'audit' })).id
    const standing = (id: string) => house.system((cmd) => lockForPost(cmd, id))
    expect([await standing(officer), await standing(resident), await standing(seated)]).toEqual([
      'free',
      'notStaff',
      'seated',
    ])
  })

  test('masks', () => {
    expect(['王', '王明', '王小明', '欧阳春花', '🙂明'].map(maskName)).toEqual(['王*', '王*', '王**', '欧**', '🙂*'])
    expect(maskPhone('13800138000')).toBe('138****8000')
    expect(sightOf({ kind: 'staff', id: 'a', purpose: 'audit' }, { id: 'b', kind: 'guest' })).toBe('masked')
  })
})

describe('unmasking', () => {
  const asOfficer = (cmd: Command, secondFactorAt: Date | null): Command => ({
    ...cmd,
    secondFactorAt,
    actor: { kind: 'staff', id: officer, sessionId: null, label: '' },
  })
  const look = { fields: ['name', 'phone'] as const, reason: '上门核实漏水' }
  const kept = () => house.db.transaction('330411', (tx) => tx.selectFrom('unmasking').selectAll().execute())

  test('asks for the second factor and a reason, and leaves nothing when refused', async () => {
    await expect(house.system((cmd) => unmask(asOfficer(cmd, null), resident, look))).rejects.toMatchObject({
      code: 'identity.second_factor_needed',
    })
    await expect(
      house.system((cmd) => unmask(asOfficer(cmd, cmd.now), resident, { ...look, reason: ' x ' })),
    ).rejects.toMatchObject({ code: 'kernel.invalid_input' })
    expect(await kept()).toHaveLength(0)
  })

  test('shows what was asked, and the entry binds the reason without holding it', async () => {
    const shown = await house.system((cmd) => unmask(asOfficer(cmd, cmd.now), resident, look))
    expect(shown).toEqual({ name: '欧阳春花', phone: '13700001111' })
    const [row] = await kept()
    expect(row).toMatchObject({ accountId: resident, byAccountId: officer, reason: look.reason })
    const [entry] = await house.db.transaction('330411', (tx) =>
      tx
        .selectFrom('ledgerEntry')
        .select('bytes')
        .where('county', '=', '330411')
        .where('subjectId', '=', row!.id)
        .execute(),
    )
    const leaf = entry?.bytes.toString('utf8') ?? ''
    expect(leaf).toContain(house.app.vault.commitment(row!.salt, look.reason).toString('hex'))
    expect(leaf).not.toContain(look.reason)
    expect(leaf).not.toContain('13700001111')
  })

  test('the audit administrator reads who looked and why; nobody else does', async () => {
    const audit = await house.staff({ seat: 'audit' })
    const page = (await audit.browser.get('/api/v1/identity/unmaskings')).body as unknown as { items: unknown[] }
    expect(page.items).toMatchObject([
      {
        accountId: resident,
        name: '欧**',
        by: officer,
        byName: '王小明',
        reason: look.reason,
        fields: ['name', 'phone'],
      },
    ])
    const system = await house.staff({ seat: 'system' })
    expect((await system.browser.get('/api/v1/identity/unmaskings')).body.code).toBe('kernel.forbidden')
  })

  test('the record can be neither changed nor removed by the application', async () => {
    const trying = (sql: 'update' | 'delete') =>
      house.db.transaction('330411', async (tx) => {
        if (sql === 'update') await tx.updateTable('unmasking').set({ reason: 'x' }).execute()
        else await tx.deleteFrom('unmasking').execute()
      })
    await expect(trying('update')).rejects.toMatchObject({ code: '42501' })
    await expect(trying('delete')).rejects.toMatchObject({ code: '42501' })
  })
})
