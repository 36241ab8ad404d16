import { useQueries, useQuery } from '@tanstack/react-query'
import { Input, Select } from 'antd'
import { useEffect, useState } from 'react'
import type { FoundAreas } from '../../../src/grid/areas/contract.ts'
import type { Static } from 'typebox'
import type { ReportKind, ShownKind } from '../../../src/packs/contract.ts'
import { read } from '../../shared/api.ts'
import { language, useText } from '../../shared/i18n/text.ts'
import type { WorkSearch } from './search.ts'

interface Filtering {
  search: WorkSearch
  change: (part: Partial<WorkSearch>) => void
}

export function Filters({ search, change }: Filtering) {
  const t = useText()
  const kinds =
    useQuery({ queryKey: ['kinds', language()], queryFn: () => read<{ items: ReportKind[] }>('/kinds') }).data?.items ??
    []
  const shown = useQueries({
    queries: kinds.map(({ kind }) => ({
      queryKey: ['kind', kind, language()],
      queryFn: () => read<ShownKind>(`/packs/kinds/${kind}`),
    })),
  }).flatMap(({ data }) => data?.states ?? [])
  const categories = kinds.flatMap((kind) => kind.categories).map(({ code, name }) => ({ value: code, label: name }))
  // Kinds share states of one name; what they are called in the first kind stands for all.
  const states = [...new Map(shown.toReversed().map(({ name, label }) => [name, label])).entries()]
    .toReversed()
    .map(([value, label]) => ({ value, label }))
  return (
    <div className="filters" role="search" aria-label={t('h5.scopes')}>
      <NumberSearch search={search} change={change} />
      <AreaSelect search={search} change={change} />
      <Select
        aria-label={t('work.state')}
        placeholder={t('work.state')}
        allowClear
        style={{ width: 140 }}
        value={search.state}
        options={states}
        onChange={(state: string | undefined) => change({ state })}
      />
      <Select
        aria-label={t('matter.category')}
        placeholder={t('matter.category')}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        style={{ width: 190 }}
        value={search.category}
        options={categories}
        onChange={(category: string | undefined) => change({ category })}
      />
    </div>
  )
}

function NumberSearch({ search, change }: Filtering) {
  const t = useText()
  const [text, setText] = useState(search.number ?? '')
  useEffect(() => setText(search.number ?? ''), [search.number])
  return (
    <Input.Search
      aria-label={t('matter.number')}
      placeholder={t('matter.number')}
      allowClear
      style={{ width: 230 }}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onSearch={(value) => change({ number: value.trim() || undefined })}
    />
  )
}

const searchLettersMin = 2

/** Areas by any part of their name. */
export function AreaSelect({
  search,
  change,
}: {
  search: Pick<WorkSearch, 'area'>
  change: (part: { area: string | undefined }) => void
}) {
  const t = useText()
  const [typed, setTyped] = useState('')
  const found = useQuery({
    queryKey: ['areas', typed],
    enabled: typed.trim().length >= searchLettersMin,
    queryFn: () => read<Static<typeof FoundAreas>>(`/grid/areas/search?q=${encodeURIComponent(typed.trim())}`),
  }).data?.items
  const options = (found ?? []).map((area) => ({ value: area.path, label: area.name }))
  const chosen =
    search.area && !options.some((option) => option.value === search.area)
      ? [{ value: search.area, label: search.area.split('/').at(-1) ?? '' }]
      : []
  return (
    <Select
      aria-label={t('work.area')}
      placeholder={t('work.area')}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      style={{ width: 200 }}
      value={search.area}
      options={[...chosen, ...options]}
      notFoundContent={typed.trim().length < searchLettersMin ? t('work.typeTwo') : t('work.noArea')}
      onChange={(area: string | undefined) => change({ area })}
    />
  )
}
