/**
 * Whether somebody alive looks into the camera: asked to turn the head both ways and to blink, in an order nobody knew before.
 *
 * Runs on the phone for every frame, and once more here over the numbers that the phone sends: no picture leaves it. A signal,
 * never the proof of who somebody is: whoever can feed a camera can feed this one too.
 */

export const gateMoves = ['left', 'right', 'blink'] as const
export type GateMove = (typeof gateMoves)[number]

/** What the face mesh says of one frame. */
export interface Frame {
  /** Milliseconds since the first frame. */
  at: number
  /** Where the nose stands between the cheeks: 0 at the person's right, 1 at their left, about half when they look ahead. */
  nose: number
  /** How far the eyes are open: height over width, mean of both. */
  eye: number
  /** Radians by which the head is tilted to its shoulder. */
  roll: number
}

/** How far the nose must move between the cheeks; a flat photograph that is tilted or turned stays below. */
const TURN_LEAST = 0.13
/** A tilted head moves the nose in the picture as a turned one does. */
const ROLL_MOST = 0.2
/** Lids count as closed below this share of how they are when open. */
const SHUT_BELOW = 0.7
/** Back in the middle, or open again, up to these. */
const CENTRE_MOST = 0.06
const OPEN_FROM = 0.85
/** So far from the middle the nose of a face that looks ahead may stand. */
const AHEAD_MOST = 0.1
/** Eyes that open wider than this times the first look were not open then. */
const WIDER_FROM = 1.3
const BASE_FRAMES = 5
/** Frames of a steady look ahead differ by no more than this. */
const STEADY_MOST = 0.05
/** Turns the other way that are forgiven: people mix up left and right. */
const WRONG_MOST = 2
/** A face that was away longer is another face as far as we know. */
const GONE_MS = 2000

export type GateState =
  | { kind: 'settling'; frames: readonly Frame[]; last: number }
  | { kind: 'moving'; base: Base; step: number; phase: 'out' | 'back'; wrong: number; away: boolean; last: number }
  | { kind: 'passed' }
  | { kind: 'failed' }

interface Base {
  nose: number
  eye: number
}

export const startGate = (): GateState => ({ kind: 'settling', frames: [], last: 0 })

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

function settle(frames: readonly Frame[], frame: Frame): GateState {
  const latest = [...frames, frame].slice(-BASE_FRAMES)
  const noses = latest.map(({ nose }) => nose)
  const isSteady = Math.max(...noses) - Math.min(...noses) <= STEADY_MOST
  const isAhead = latest.every(({ roll, nose }) => Math.abs(roll) < ROLL_MOST && Math.abs(nose - 0.5) <= AHEAD_MOST)
  if (latest.length < BASE_FRAMES || !isSteady || !isAhead) return { kind: 'settling', frames: latest, last: frame.at }
  const base = { nose: median(noses), eye: median(latest.map(({ eye }) => eye)) }
  return { kind: 'moving', base, step: 0, phase: 'out', wrong: 0, away: false, last: frame.at }
}

/** Which move a frame shows, measured against how this person looks ahead. */
function moveIn(frame: Frame, base: Base): GateMove | undefined {
  if (Math.abs(frame.roll) >= ROLL_MOST) return undefined
  const turned = frame.nose - base.nose
  if (turned >= TURN_LEAST) return 'left'
  if (turned <= -TURN_LEAST) return 'right'
  // Lids look closed in a face that is turned: only a face ahead blinks.
  return Math.abs(turned) <= CENTRE_MOST * 1.5 && frame.eye < base.eye * SHUT_BELOW ? 'blink' : undefined
}

const isBack = (frame: Frame, base: Base): boolean =>
  Math.abs(frame.nose - base.nose) <= CENTRE_MOST && frame.eye >= base.eye * OPEN_FROM

/** The state after one more frame. */
export function seeFrame(order: readonly GateMove[], state: GateState, frame: Frame): GateState {
  if (state.kind === 'passed' || state.kind === 'failed') return state
  if (frame.at - state.last > GONE_MS) return settle([], frame)
  if (state.kind === 'settling') return settle(state.frames, frame)
  const isAhead = Math.abs(frame.nose - state.base.nose) <= CENTRE_MOST && Math.abs(frame.roll) < ROLL_MOST
  if (isAhead && frame.eye > state.base.eye * WIDER_FROM) return settle([], frame)
  const next = { ...state, last: frame.at }
  const back = isBack(frame, state.base)
  if (state.phase === 'back') {
    if (!back) return next
    return state.step + 1 === order.length
      ? { kind: 'passed' }
      : { ...next, step: state.step + 1, phase: 'out', away: false }
  }
  const shown = moveIn(frame, state.base)
  const wanted = order[state.step]!
  if (shown === wanted) return { ...next, phase: 'back', away: false }
  const isOtherWay = wanted !== 'blink' && (shown === 'left' || shown === 'right')
  if (!isOtherWay || state.away) return back ? { ...next, away: false } : next
  return state.wrong >= WRONG_MOST ? { kind: 'failed' } : { ...next, wrong: state.wrong + 1, away: true }
}

/** What the person is to do now. */
export function askedOf(order: readonly GateMove[], state: GateState): GateMove | 'ahead' | 'done' | 'again' {
  if (state.kind === 'passed') return 'done'
  if (state.kind === 'failed') return 'again'
  if (state.kind === 'settling' || state.phase === 'back') return 'ahead'
  return order[state.step]!
}

/** Whether a row of frames, as a phone sent it, passes. Its times must run forward, as a camera's do. */
export function passes(order: readonly GateMove[], frames: readonly Frame[]): boolean {
  let state = startGate()
  let before = -1
  for (const frame of frames) {
    if (frame.at <= before) return false
    before = frame.at
    state = seeFrame(order, state, frame)
  }
  return state.kind === 'passed'
}

/** Two minutes of a quick phone. */
export const FRAMES_MOST = 1500

/** A frame as it is sent: milliseconds, then nose, eye and roll in thousandths. */
export type PackedFrame = [number, number, number, number]

const thousandth = (value: number): number => Math.max(-10_000, Math.min(10_000, Math.round(value * 1000)))

export const packFrames = (frames: readonly Frame[]): PackedFrame[] =>
  frames
    .slice(-FRAMES_MOST)
    .map(({ at, nose, eye, roll }) => [Math.round(at), thousandth(nose), thousandth(eye), thousandth(roll)])

export const unpackFrames = (frames: readonly PackedFrame[]): Frame[] =>
  frames.map(([at, nose, eye, roll]) => ({ at, nose: nose / 1000, eye: eye / 1000, roll: roll / 1000 }))
