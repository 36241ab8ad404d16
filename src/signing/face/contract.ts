import { Type, type Static } from 'typebox'
import { FRAMES_MOST } from './gate.ts'

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Nonce = Type.String({ pattern: '^[A-Za-z0-9_-]{32}$' })

export const FaceChallenge = Type.Object({
  nonce: Nonce,
  moves: Type.Array(Type.Union([Type.Literal('left'), Type.Literal('right'), Type.Literal('blink')]), {
    description: 'In this order; left and right are the person’s own.',
  }),
  document: Sha256,
  expiresAt: Type.String({ format: 'date-time' }),
})
export type FaceChallenge = Static<typeof FaceChallenge>

const Thousandths = Type.Integer({ minimum: -10_000, maximum: 10_000 })
/** What the phone measured: numbers, no picture. */
export const FaceAnswer = Type.Object({
  nonce: Nonce,
  document: Sha256,
  frames: Type.Array(
    Type.Tuple([Type.Integer({ minimum: 0, maximum: 3_600_000 }), Thousandths, Thousandths, Thousandths]),
    {
      minItems: 1,
      maxItems: FRAMES_MOST,
      description: 'Per frame: milliseconds, then nose, eye and roll in thousandths.',
    },
  ),
})
export type FaceAnswer = Static<typeof FaceAnswer>
