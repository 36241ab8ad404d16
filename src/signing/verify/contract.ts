import { Type, type Static } from 'typebox'
import { orNull } from '../../kernel/schema.ts'
import { Proof } from '../../ledger/contract.ts'

const Instant = Type.String({ format: 'date-time' })

export const LookUpLetter = Type.Object(
  { sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the file, hex, small letters.' }) },
  { additionalProperties: false },
)
export type LookUpLetter = Static<typeof LookUpLetter>

export const LetterLookup = Type.Object(
  {
    state: Type.Enum(['latest', 'older', 'revoked', 'superseded', 'unknown'], {
      description: '`older`: a copy from before all had signed and the seal was put on.',
    }),
    title: orNull(Type.String({ description: 'What the letter is called; never whose it is.' })),
    sealedAt: orNull(Instant),
    at: orNull(Type.String({ format: 'date-time', description: 'When it was revoked or superseded.' })),
    evidence: Type.Enum(['intact', 'changed', 'none'], {
      description:
        'Whether what is kept about its signing is what the ledger committed to; `none` until it is sealed there.',
    }),
    proofs: Type.Array(Proof, {
      description: 'That its sealing, and what ended it, stand in the ledger.',
      maxItems: 8,
    }),
  },
  { description: 'What the issuer says of a file, by its SHA-256 alone. Nothing personal is in it.' },
)
export type LetterLookup = Static<typeof LetterLookup>

const Root = Type.Object({
  name: Type.String(),
  certificate: Type.String({ description: 'PEM' }),
  isLocal: Type.Boolean({ description: 'The installation’s own, not a licensed provider’s.' }),
})
export const Trust = Type.Object({
  roots: Type.Array(Root, { description: 'For signers’ and seals’ certificates.' }),
  stampRoots: Type.Array(Root, { description: 'For time stamps.' }),
  revocationLists: Type.Array(Type.String({ description: 'DER, base64; made anew each hour.' })),
})
export type Trust = Static<typeof Trust>
