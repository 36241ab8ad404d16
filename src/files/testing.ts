import { Type } from 'typebox'
import type { Room } from '../kernel/app.ts'
import { hasGrant } from '../kernel/grants.ts'
import type { FileGate } from '../kernel/ports.ts'
import { FileRole } from './contract.ts'
import { attachFiles, listFiles } from './service.ts'

/** Where the test room's yards lie. */
export const yardPath = '330411/330411105/330411105201/G001/M001'

const params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const body = Type.Object({ files: Type.Array(Type.Object({ id: Type.String(), role: Type.Optional(FileRole) })) })

/** The smallest room that has files: a yard, seen by whoever may read matters there. For tests of this room only. */
export const yards: Room = {
  name: 'yards',
  async routes(app) {
    app.post<{ Params: { id: string }; Body: { files: { id: string; role?: FileRole }[] } }>(
      '/yards/:id/files',
      { schema: { params, body }, config: { access: 'own' } },
      (req) =>
        req.command(async (cmd) => {
          await attachFiles(
            cmd,
            { kind: 'yard', id: req.params.id, areaPath: yardPath, purpose: 'handling' },
            req.body.files,
          )
          return listFiles(cmd, 'yard', req.params.id)
        }),
    )
  },
}

export const yardGate: FileGate = {
  subjectKind: 'yard',
  maySee: async (cmd) => hasGrant(cmd, 'loop.read', yardPath),
}
