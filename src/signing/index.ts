import type { Room } from '../kernel/app.ts'
import './contract.ts'

/** Promises that can be proven. Its documents' libraries are loaded when they are needed, not at every start. */
export const signing: Room = { name: 'signing' }

export const sampleLetters = async (folder: string, now: () => Date) =>
  (await import('./sample.ts')).sampleLetters(folder, now)
