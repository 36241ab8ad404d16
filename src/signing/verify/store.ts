import type { Tx } from '../../kernel/db.ts'

export interface KnownLetter {
  id: string
  state: string
  title: string
  documentSha256: string | null
  sealedAt: Date | null
  endedAt: Date | null
}

/** The envelope whose finished document has this hash, by its index. */
export const findByDocument = (tx: Tx, county: string, sha256: string): Promise<KnownLetter | undefined> =>
  known(tx, county).where('signingEnvelope.documentSha256', '=', sha256).limit(1).executeTakeFirst()

/** The envelope of which this was a copy on the way. */
export async function findByRevision(tx: Tx, county: string, sha256: string): Promise<KnownLetter | undefined> {
  const revision = await tx
    .selectFrom('signingRevision')
    .select('envelopeId')
    .where('county', '=', county)
    .where('sha256', '=', sha256)
    .executeTakeFirst()
  return revision && known(tx, county).where('signingEnvelope.id', '=', revision.envelopeId).executeTakeFirst()
}

const known = (tx: Tx, county: string) =>
  tx
    .selectFrom('signingEnvelope')
    .innerJoin('signingLetter', (join) =>
      join
        .onRef('signingLetter.county', '=', 'signingEnvelope.county')
        .onRef('signingLetter.id', '=', 'signingEnvelope.letterId'),
    )
    .select([
      'signingEnvelope.id',
      'signingEnvelope.state',
      'signingLetter.name as title',
      'signingEnvelope.documentSha256',
      'signingEnvelope.sealedAt',
      'signingEnvelope.endedAt',
    ])
    .where('signingEnvelope.county', '=', county)
