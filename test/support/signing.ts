import { uuidv7 } from '../../src/kernel/ids.ts'
import { runSystem, type Command } from '../../src/kernel/command.ts'
import { newToken, type Who } from '../../src/signing/envelopes/service.ts'
import { NO_HASH } from '../../src/signing/envelopes/rules.ts'
import { insertLinks } from '../../src/signing/envelopes/store.ts'
import { templateHash, type LetterTemplate, type Values } from '../../src/signing/letters/template.ts'
import { county, type TestApp } from './app.ts'
import { paths } from './ground.ts'

/** A small letter that is cheap to print. */
export const smallLetter = (signers = 1): LetterTemplate => ({
  code: 'smallLetter',
  title: '返乡承诺书',
  variables: [
    { name: 'name', label: '姓名', kind: 'text', from: 'registry', maxLength: 30 },
    { name: 'second', label: '家长', kind: 'text', from: 'registry', optional: true },
    { name: 'days', label: '返乡天数', kind: 'number', from: 'signer', optional: true },
  ],
  blocks: [{ kind: 'paragraph', text: '本人{{name}}承诺如实申报，返乡{{days}}天。' }],
  signers: [
    { role: '承诺人', name: 'name' },
    { role: '家长', name: 'second' },
  ].slice(0, signers),
  seal: null,
})

export interface LaidEnvelope {
  id: string
  campaignId: string
  /** By position, from 1. */
  tokens: string[]
}

export interface Wanted {
  people?: Who[]
  order?: 'sequence' | 'parallel'
  values?: Values
  areaPath?: string
  identity?: 'phone' | 'registry' | 'face'
}

export const somebody: Who = { name: '张伟,O=evil', phone: '13857300001', citizenId: '11010519491231002X' }

/** A running campaign of one envelope, sent already: what a signer's phone meets. */
export const layEnvelope = (house: TestApp, wanted: Wanted = {}): Promise<LaidEnvelope> =>
  runSystem(house.app, county, (cmd) => lay(cmd, wanted))

async function lay(cmd: Command, wanted: Wanted): Promise<LaidEnvelope> {
  const people = wanted.people ?? [somebody]
  const template = smallLetter(people.length)
  const hash = templateHash(template)
  const [letterId, campaignId, id] = [uuidv7(cmd.now), uuidv7(cmd.now), uuidv7(cmd.now)]
  const areaPath = wanted.areaPath ?? paths.right
  const seal = (value: unknown): Buffer => cmd.vault.seal(county, JSON.stringify(value))
  const known = await cmd.tx
    .selectFrom('signingLetter')
    .select('id')
    .where('county', '=', county)
    .where('hash', '=', hash)
    .executeTakeFirst()
  if (!known) {
    await cmd.tx
      .insertInto('signingLetter')
      .values({
        county,
        id: letterId,
        version: 1,
        code: template.code,
        name: template.title,
        hash,
        template: JSON.stringify(template),
        state: 'approved',
        shipped: false,
        byLabel: 'test',
        createdAt: cmd.now,
        updatedAt: cmd.now,
      })
      .execute()
  }
  const deadline = new Date(cmd.now.getTime() + 7 * 86_400_000)
  await cmd.tx
    .insertInto('signingCampaign')
    .values({
      county,
      id: campaignId,
      version: 1,
      title: '返乡承诺',
      letterId: known?.id ?? letterId,
      letterHash: hash,
      areaPath: paths.village,
      organiser: '红联村',
      identityLevel: wanted.identity ?? 'phone',
      signingOrder: wanted.order ?? 'sequence',
      minorAllowed: false,
      fixed: '{}',
      deadline,
      reminders: [1],
      state: 'running',
      source: 'sheet',
      sealState: 'none',
      byAccount: uuidv7(cmd.now),
      byLabel: 'test',
      createdAt: cmd.now,
      startedAt: cmd.now,
    })
    .execute()
  await cmd.tx
    .insertInto('signingEnvelope')
    .values({
      county,
      id,
      version: 1,
      campaignId,
      rowNumber: 2,
      letterId: known?.id ?? letterId,
      letterHash: hash,
      areaPath,
      subjectKind: 'none',
      address: '',
      recipientSealed: seal(people[0]),
      variablesSealed: seal({ name: people[0]!.name, second: people[1]?.name ?? '', ...wanted.values }),
      problems: '[]',
      state: 'sent',
      verifyCode: id.slice(-12),
      signers: people.length,
      signed: 0,
      chainSeq: 0,
      chainHash: NO_HASH,
      tries: 0,
      reminded: 0,
      createdAt: cmd.now,
      sentAt: cmd.now,
      expiresAt: deadline,
    })
    .execute()
  const tokens: string[] = []
  for (const [at, who] of people.entries()) {
    const position = at + 1
    await cmd.tx
      .insertInto('signingSigner')
      .values({
        county,
        envelopeId: id,
        position,
        role: template.signers[at]!.role,
        whoSealed: seal(who),
        state: 'sent',
        phoneBlind: cmd.vault.blind(county, 'phone', who.phone),
      })
      .execute()
    const { token, tokenHash } = newToken(county)
    await insertLinks(cmd.tx, [{ county, tokenHash, envelopeId: id, position, madeAt: cmd.now }])
    tokens.push(token)
  }
  return { id, campaignId, tokens }
}
