import type { Door } from '../../../src/registry/addresses/contract.ts'

export type DoorPerson = Door['people'][number]

/** Whom one asks for at a door: the head of the household, else whoever lives there. */
export const headAt = ({ people }: Pick<Door, 'people'>): string => {
  const living = people.filter(({ livesHere }) => livesHere)
  return (living.find(({ headRelation }) => headRelation === 'head') ?? living[0])?.name ?? ''
}

export const newResidentsAt = ({ people }: Pick<Door, 'people'>): number =>
  people.filter(({ livesHere, registration }) => livesHere && registration === 'floating').length
