import type { TextKey, Translate } from '../i18n/text.ts'

/** What the registry's codes are called; a code that a later version brought is said as it is, never left out. */
type Words = Readonly<Record<string, TextKey>>

const uses: Words = {
  ownerOccupied: 'registry.use.ownerOccupied',
  let: 'registry.use.let',
  vacant: 'registry.use.vacant',
  enterprise: 'registry.use.enterprise',
  merchant: 'registry.use.merchant',
  public: 'registry.use.public',
  unknown: 'registry.use.unknown',
}
const relations: Words = {
  owner: 'registry.relation.owner',
  tenant: 'registry.relation.tenant',
  family: 'registry.relation.family',
  lodger: 'registry.relation.lodger',
  employee: 'registry.relation.employee',
  registeredOnly: 'registry.relation.registeredOnly',
}
const registrations: Words = {
  registered: 'registry.registration.registered',
  elsewhere: 'registry.registration.elsewhere',
  floating: 'registry.registration.floating',
  foreign: 'registry.registration.foreign',
  unknown: 'registry.registration.unknown',
}
const headRelations: Words = {
  head: 'registry.head.head',
  spouse: 'registry.head.spouse',
  child: 'registry.head.child',
  childInLaw: 'registry.head.childInLaw',
  grandchild: 'registry.head.grandchild',
  parent: 'registry.head.parent',
  parentInLaw: 'registry.head.parentInLaw',
  grandparent: 'registry.head.grandparent',
  sibling: 'registry.head.sibling',
  other: 'registry.head.other',
}
const sexes: Words = { male: 'registry.sex.male', female: 'registry.sex.female' }
const buildingKinds: Words = {
  estateBlock: 'registry.building.estateBlock',
  villageHouse: 'registry.building.villageHouse',
  shopRow: 'registry.building.shopRow',
  plant: 'registry.building.plant',
  dormitory: 'registry.building.dormitory',
  office: 'registry.building.office',
  other: 'registry.building.other',
}
const householdKinds: Words = {
  registered: 'registry.household.registered',
  floating: 'registry.household.floating',
  collective: 'registry.household.collective',
}
const organisationKinds: Words = {
  enterprise: 'registry.organisation.enterprise',
  merchant: 'registry.organisation.merchant',
  partner: 'registry.organisation.partner',
  supplier: 'registry.organisation.supplier',
  socialOrganisation: 'registry.organisation.socialOrganisation',
  partyOrganisation: 'registry.organisation.partyOrganisation',
  other: 'registry.organisation.other',
}
const duties: Words = {
  legalRepresentative: 'registry.duty.legalRepresentative',
  safetyOfficer: 'registry.duty.safetyOfficer',
  contact: 'registry.duty.contact',
  partySecretary: 'registry.duty.partySecretary',
  owner: 'registry.duty.owner',
  other: 'registry.duty.other',
}
const states: Words = {
  present: 'registry.state.present',
  away: 'registry.state.away',
  left: 'registry.state.left',
  deceased: 'registry.state.deceased',
  merged: 'registry.state.merged',
}
const sources: Words = {
  counter: 'registry.source.counter',
  visit: 'registry.source.visit',
  sheet: 'registry.source.sheet',
  self: 'registry.source.self',
  police: 'registry.source.police',
  department: 'registry.source.department',
  demo: 'registry.source.demo',
  rule: 'registry.source.rule',
}

const groupKinds: Words = { residents: 'groups.residents', gridWork: 'groups.gridWork' }
const channels: Words = {
  wechat: 'groups.wechat',
  qq: 'groups.qq',
  dingtalk: 'groups.dingtalk',
  other: 'groups.other',
}

const registryWords = {
  use: uses,
  relation: relations,
  head: headRelations,
  registration: registrations,
  sex: sexes,
  building: buildingKinds,
  household: householdKinds,
  organisation: organisationKinds,
  duty: duties,
  state: states,
  source: sources,
  group: groupKinds,
  channel: channels,
} as const
export type WordKind = keyof typeof registryWords

/** A code in the reader's words. */
export function wordFor(t: Translate, kind: WordKind, code: string | null): string {
  if (code === null) return ''
  const key = registryWords[kind][code]
  return key ? t(key) : code
}

/** All codes of a kind as choices, but those left out. */
export const choicesOf = (t: Translate, kind: WordKind, without: readonly string[] = []) =>
  Object.entries(registryWords[kind])
    .filter(([code]) => !without.includes(code))
    .map(([value, key]) => ({ value, label: t(key) }))

export const headChoices = (t: Translate) => choicesOf(t, 'head')
