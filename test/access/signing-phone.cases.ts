import { layEnvelope } from '../support/signing.ts'
import type { AccessCase } from './harness.ts'

/** Help at the door: only whoever visits there, for handling. */
export const cases: AccessCase[] = [
  {
    route: 'POST /api/v1/signing/envelopes/:id/helps',
    async prepare(world) {
      const { id } = await layEnvelope(world.app, { areaPath: world.rightPlace })
      const payload = { position: 1, proof: 'idCard', witness: '见证的邻居' }
      return { url: `/api/v1/signing/envelopes/${id}/helps`, payload }
    },
  },
]
