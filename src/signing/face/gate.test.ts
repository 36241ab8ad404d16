import { describe, expect, test } from 'vitest'
import { askedOf, passes, seeFrame, startGate, type Frame, type GateMove } from './gate.ts'

const ahead = { nose: 0.48, eye: 0.42, roll: 0 }
const shown: Record<string, Omit<Frame, 'at'>> = {
  ahead,
  left: { ...ahead, nose: 0.64 },
  right: { ...ahead, nose: 0.31 },
  shut: { ...ahead, eye: 0.26 },
  tiltLeft: { nose: 0.53, eye: 0.41, roll: 0.3 },
  tiltRight: { nose: 0.4, eye: 0.41, roll: -0.3 },
  tiltFar: { nose: 0.66, eye: 0.41, roll: 0.4 },
  half: { ...ahead, nose: 0.57 },
}
/** `ahead*8 left*4`: ten frames a second. */
const film = (script: string): Frame[] =>
  script
    .split(' ')
    .flatMap((part) => {
      const [name, times = '1'] = part.split('*')
      return Array.from({ length: Number(times) }, () => shown[name!]!)
    })
    .map((frame, i) => ({ at: i * 100, ...frame }))

const order: GateMove[] = ['left', 'blink', 'right']
const good = 'ahead*6 left*4 ahead*3 shut*2 ahead*3 right*4 ahead*3'

describe('the gate', () => {
  test('somebody who does what is asked passes, and only when they are back', () => {
    expect(passes(order, film(good))).toBe(true)
    expect(passes(order, film(good.replace(/ ahead\*3$/, '')))).toBe(false)
  })

  test.each([
    ['a still', 'ahead*60'],
    ['a photograph that is tilted', 'ahead*6 tiltLeft*8 ahead*4 tiltRight*8 ahead*4 tiltFar*8 ahead*9'],
    ['a head turned too little', 'ahead*6 half*4 ahead*3 shut*2 ahead*3 right*4 ahead*3'],
    ['no blink', 'ahead*6 left*4 ahead*9 right*4 ahead*3'],
    ['nobody who looks ahead first', 'left*9 right*9 shut*5'],
    ['an order of one’s own', 'ahead*6 right*4 ahead*3 shut*2 ahead*3 left*4 ahead*3'],
    ['too many turns the other way', `ahead*6 right*3 ahead*3 right*3 ahead*3 right*3 ahead*3 ${good.slice(8)}`],
  ])('%s does not', (_, script) => {
    expect(passes(order, film(script))).toBe(false)
  })

  test('left and right mixed up once is forgiven; one long turn counts once', () => {
    expect(passes(order, film(`ahead*6 right*9 ahead*3 ${good.slice(8)}`))).toBe(true)
  })

  test('a first look with the eyes shut, or to the side, is none', () => {
    expect(passes(order, film(`shut*8 ${good}`))).toBe(true)
    expect(passes(order, film(`right*9 ${good}`))).toBe(true)
  })

  test('another face after a while begins anew', () => {
    const frames = film(good)
    const gap = frames.map((frame, i) => (i < 12 ? frame : { ...frame, at: frame.at + 5000 }))
    expect(passes(order, gap)).toBe(false)
  })

  test('a film whose times run backwards or stand still is none', () => {
    const frames = film(good)
    expect(passes(order, [...frames].reverse())).toBe(false)
    expect(
      passes(
        order,
        frames.map((frame) => ({ ...frame, at: 5 })),
      ),
    ).toBe(false)
  })

  test('says what to do', () => {
    let state = startGate()
    const asked = film(good).map((frame) => {
      state = seeFrame(order, state, frame)
      return askedOf(order, state)
    })
    expect(asked.filter((one, i) => one !== asked[i - 1])).toEqual([
      'ahead',
      'left',
      'ahead',
      'blink',
      'ahead',
      'right',
      'ahead',
      'done',
    ])
  })
})
