import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { asKeptAt, isUnanswered, randomKey, read, Refusal } from './api.ts'
import { language, subscribe } from './i18n/text.ts'

export interface Loaded<Data> {
  data: Data | undefined
  error: Refusal | undefined
  busy: boolean
  reload: () => void
  /** Puts the answer of an act in place of what was read, so the page need not ask again. */
  replace: (data: Data) => void
}

/** Reads `path` and again when it or the language changes; `null` reads nothing. What was shown stays until the new answer is there. */
export function useRead<Data>(path: string | null): Loaded<Data> {
  const shown = useSyncExternalStore(subscribe, language)
  const [state, setState] = useState<{ data?: Data; error?: Refusal; busy: boolean }>({ busy: path !== null })
  const [round, setRound] = useState(0)
  useEffect(() => {
    if (path === null) return
    const abort = new AbortController()
    setState((before) => ({ ...before, busy: true }))
    read<Data>(path, abort.signal).then(
      (data) => setState({ data, busy: false }),
      (error: unknown) => {
        if (!abort.signal.aborted) setState((before) => ({ data: before.data, error: asRefusal(error), busy: false }))
      },
    )
    return () => abort.abort()
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another round or language asks the same again
  }, [path, round, shown])
  const reload = useCallback(() => setRound((count) => count + 1), [])
  const replace = useCallback((data: Data) => setState({ data, busy: false }), [])
  return { data: state.data, error: state.error, busy: state.busy, reload, replace }
}

export const asRefusal = (error: unknown): Refusal => (error instanceof Refusal ? error : new Refusal(-1, {}))

export interface Act<Input, Answer> {
  run: (input: Input) => Promise<Answer | undefined>
  busy: boolean
  error: Refusal | undefined
  forget: () => void
}

/**
 * One act of a person: at most one at a time, and its idempotency key lives until the server answered it. An act that
 * got no answer keeps its key, so trying again does nothing twice; changed input is another act with another key.
 */
export function useAct<Input, Answer>(perform: (input: Input, key: string) => Promise<Answer>): Act<Input, Answer> {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Refusal>()
  const running = useRef(false)
  const kept = useRef<{ key: string; input: string }>(undefined)
  const run = async (input: Input) => {
    if (running.current) return undefined
    running.current = true
    setBusy(true)
    setError(undefined)
    const print = JSON.stringify(input) ?? ''
    if (kept.current?.input !== print) kept.current = { key: randomKey(), input: print }
    try {
      const answer = await perform(input, kept.current.key)
      kept.current = undefined
      return answer
    } catch (caught) {
      if (!isUnanswered(caught)) kept.current = undefined
      setError(asRefusal(caught))
      return undefined
    } finally {
      running.current = false
      setBusy(false)
    }
  }
  return { run, busy, error, forget: () => setError(undefined) }
}

export interface PagedList<Item> extends Loaded<readonly Item[]> {
  /** Undefined on the last page. */
  more: (() => void) | undefined
}

interface PageOf<Item> {
  items: Item[]
  next: string | null
}

/** A cursor list that grows at its end. Changing `path` begins anew. */
export function usePages<Item>(path: string | null): PagedList<Item> {
  const first = useRead<PageOf<Item>>(path)
  const [rest, setRest] = useState<{ of: PageOf<Item>; items: Item[]; next: string | null }>()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Refusal>()
  const grown = rest && rest.of === first.data ? rest : undefined
  const next = grown ? grown.next : first.data?.next
  const more = useCallback(() => {
    const base = first.data
    if (!base || !next || !path) return
    setBusy(true)
    read<PageOf<Item>>(`${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(next)}`)
      .then((page) =>
        setRest((before) => ({
          of: base,
          items: [...(before?.of === base ? before.items : []), ...page.items],
          next: page.next,
        })),
      )
      .catch((caught: unknown) => setError(asRefusal(caught)))
      .finally(() => setBusy(false))
  }, [first.data, next, path])
  const grownItems = grown?.items
  const data = useMemo(
    () => first.data && asKeptAt([...first.data.items, ...(grownItems ?? [])], first.data),
    [first.data, grownItems],
  )
  return {
    data,
    error: error ?? first.error,
    busy: busy || first.busy,
    reload: first.reload,
    replace: (items) => first.replace({ items: [...items], next: null }),
    more: next ? more : undefined,
  }
}
