import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type {
  SeenMatter,
  Wall,
  WallChange,
  WallHappening,
  WallOutline,
  WallPoints,
  WallTick,
} from '../../../src/insight/contract.ts'
import { read, type Refusal } from '../../shared/api.ts'
import { language } from '../../shared/i18n/text.ts'
import type { StreamMessage } from './messages.ts'
import { watchWall, type StreamState } from './stream.ts'

/** Everything is read anew this often; figures come at once by the stream. */
const AGAIN_MS = 60_000
/** After something happened, lists and curves are read anew this much later, however much happens meanwhile. */
const SETTLE_MS = 4_000
const TICKER_MAX = 30

const queryOf = (area: string | undefined): string => (area === undefined ? '' : `?area=${encodeURIComponent(area)}`)

export interface Watched {
  wall: Wall | undefined
  error: Refusal | null
  points: SeenMatter[]
  allPoints: boolean
  outline: WallOutline | undefined
  happened: readonly WallHappening[]
  stream: StreamState
  retry: () => void
}

/** The wall of an area, kept up to date by the stream; asked anew where the stream cannot. */
export function useWall(area: string | undefined): Watched {
  const client = useQueryClient()
  const lang = language()
  const wall = useQuery({
    queryKey: ['wall', area, lang],
    queryFn: () => read<Wall>(`/wall${queryOf(area)}`),
    refetchInterval: AGAIN_MS,
    refetchOnReconnect: true,
    placeholderData: keepPreviousData,
  })
  const path = wall.data?.area.path
  const points = useQuery({
    queryKey: ['wall-points', path, lang],
    enabled: path !== undefined,
    queryFn: () => read<WallPoints>(`/wall/points${queryOf(path)}`),
    refetchInterval: AGAIN_MS,
  })
  const outline = useQuery({
    queryKey: ['wall-outline', path],
    enabled: path !== undefined,
    queryFn: () => read<WallOutline>(`/wall/outline${queryOf(path)}`),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const refresh = useCallback(() => {
    void client.invalidateQueries({ queryKey: ['wall'] })
    void client.invalidateQueries({ queryKey: ['wall-points'] })
    void client.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[2]).startsWith('/wall/matters') })
  }, [client])
  const tick = useCallback(
    ({ figures, children }: WallTick) => {
      client.setQueriesData<Wall>({ queryKey: ['wall'], type: 'active' }, (before) =>
        before && before.area.path === path ? { ...before, figures, children } : before,
      )
    },
    [client, path],
  )
  const { happened, stream } = useHappenings(path, { tick, refresh })
  return {
    wall: wall.data,
    error: wall.error as Refusal | null,
    points: points.data?.items ?? [],
    allPoints: points.data?.complete ?? true,
    outline: outline.data,
    happened,
    stream,
    retry: () => void wall.refetch(),
  }
}

interface Hearing {
  tick: (tick: WallTick) => void
  refresh: () => void
}

function useHappenings(path: string | undefined, { tick, refresh }: Hearing) {
  const [heard, setHeard] = useState<{ path: string; items: readonly WallHappening[] }>({ path: '', items: [] })
  const [stream, setStream] = useState<StreamState>('opening')
  const settling = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    if (path === undefined) return
    const told = ({ event, data }: StreamMessage) => {
      if (event === 'figures') tick(JSON.parse(data) as WallTick)
      if (event === 'reset') refresh()
      if (event !== 'change') return
      const { items } = JSON.parse(data) as WallChange
      setHeard((before) => {
        const known = before.path === path ? before.items : []
        return { path, items: [...items.toReversed(), ...known].slice(0, TICKER_MAX) }
      })
      settling.current ??= setTimeout(() => {
        settling.current = undefined
        refresh()
      }, SETTLE_MS)
    }
    const stop = watchWall({ area: path, told, stands: setStream })
    return () => {
      stop()
      clearTimeout(settling.current)
      settling.current = undefined
    }
  }, [path, tick, refresh])
  return { happened: heard.path === path ? heard.items : [], stream }
}
