import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Desk, DeskLook } from '../../../src/loop/desk/contract.ts'
import { randomKey, read, send } from '../../shared/api.ts'
import { language } from '../../shared/i18n/text.ts'
import { say } from '../../shared/ui/notice.tsx'
import { asRefusal } from '../../shared/loading.ts'

export const usualLook: DeskLook = {
  defaultView: null,
  columns: ['state', 'what', 'where', 'holder', 'due', 'reported'],
  density: 'middle',
}

const keyOf = () => ['desk', language()]
export const askDesk = () => ({ queryKey: keyOf(), queryFn: () => read<Desk>('/matters/desk') })
export const useDesk = () => useQuery(askDesk())

/** Changes how the list looks at once, and keeps it; where that fails, it is said and shown as it is kept. */
export function useLook(): { look: DeskLook; change: (part: Partial<DeskLook>) => void } {
  const queries = useQueryClient()
  const desk = useDesk().data
  const look = desk ? { defaultView: desk.defaultView, columns: desk.columns, density: desk.density } : usualLook
  const change = (part: Partial<DeskLook>) => {
    const next = { ...look, ...part }
    queries.setQueryData<Desk>(keyOf(), (before) => before && { ...before, ...next })
    send('/matters/desk', { method: 'PUT', body: next, key: randomKey() }).catch((error: unknown) => {
      say(asRefusal(error).message, { wrong: true })
      void queries.invalidateQueries({ queryKey: keyOf() })
    })
  }
  return { look, change }
}
