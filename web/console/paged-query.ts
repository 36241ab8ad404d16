import { useInfiniteQuery } from '@tanstack/react-query'
import { read } from '../shared/api.ts'
import { language } from '../shared/i18n/text.ts'
import type { PagedList } from '../shared/loading.ts'
import { asRefusal } from '../shared/loading.ts'

interface PageOf<Item> {
  items: Item[]
  next: string | null
}

/** A cursor list kept in memory by its address, so that coming back finds it as it was left. */
export function usePagedQuery<Item>(path: string): PagedList<Item> {
  const query = useInfiniteQuery({
    queryKey: ['list', language(), path],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      read<PageOf<Item>>(
        pageParam ? `${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(pageParam)}` : path,
        signal,
      ),
    getNextPageParam: (last) => last.next,
  })
  return {
    data: query.data?.pages.flatMap((page) => page.items),
    error: query.error ? asRefusal(query.error) : undefined,
    busy: query.isFetching,
    reload: () => void query.refetch(),
    replace: () => void query.refetch(),
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
  }
}
