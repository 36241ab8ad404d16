import { useQuery } from '@tanstack/react-query'
import { Input, Select } from 'antd'
import { useEffect, useState } from 'react'
import type { Static } from 'typebox'
import type { FoundAreas } from '../../../src/grid/areas/contract.ts'
import type { Holders } from '../../../src/loop/desk/contract.ts'
import type { ReportKind, ShownKind } from '../../../src/packs/contract.ts'
import { read } from '../../shared/api.ts'
import type { TextKey, Translate } from '../../shared/i18n/text.ts'
import { language, useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'
import { isFiltered, type WorkSearch } from './search.ts'

export interface Filtering {
  search: WorkSearch
  change: (part: Partial<WorkSearch>) => void
}

const tones: readonly [NonNullable<WorkSearch['tone']>, TextKey][] = [
  ['waiting', 'tone.waiting'],
  ['running', 'tone.running'],
  ['parked', 'tone.parked'],
  ['done', 'tone.done'],
  ['void', 'tone.void'],
]
const dues: readonly [NonNullable<WorkSearch['due']>, TextKey][] = [
  ['overdue', 'due.overdue'],
  ['soon', 'due.soon'],
  ['later', 'due.later'],
  ['none', 'due.none'],
]
const channels: readonly [string, TextKey][] = [
  ['resident', 'channel.resident'],
  ['guest', 'channel.guest'],
  ['phone', 'behalf.phone'],
  ['visit', 'behalf.visit'],
  ['hotline', 'behalf.hotline'],
  ['patrol', 'behalf.patrol'],
]
const sorts: readonly [NonNullable<WorkSearch['sort']>, TextKey][] = [
  ['newest', 'sort.newest'],
  ['oldest', 'sort.oldest'],
  ['due', 'sort.due'],
]
const optionsOf = <Value extends string>(words: readonly (readonly [Value, TextKey])[], t: Translate) =>
  words.map(([value, name]) => ({ value, label: t(name) }))

export const noFilters: Partial<WorkSearch> = {
  area: undefined,
  state: undefined,
  kind: undefined,
  category: undefined,
  channel: undefined,
  holder: undefined,
  from: undefined,
  to: undefined,
  number: undefined,
  text: undefined,
  tone: undefined,
  due: undefined,
}

/** The names that filters are chosen from, for the boxes and for the sheet's own line. */
export function useFilterWords(kind?: string) {
  const kinds = useQuery({ queryKey: ['kinds', language()], queryFn: () => read<{ items: ReportKind[] }>('/kinds') })
  // A state belongs to a kind: the chosen one, else what most people report.
  const stated = kind ?? kinds.data?.items[0]?.kind
  const shown = useQuery({
    queryKey: ['kind', stated, language()],
    enabled: stated !== undefined,
    queryFn: () => read<ShownKind>(`/packs/kinds/${stated}`),
  })
  const holders = useQuery({ queryKey: ['holders', language()], queryFn: () => read<Holders>('/matters/holders') })
  const items = kinds.data?.items ?? []
  const categories = items.filter((one) => kind === undefined || one.kind === kind).flatMap((one) => one.categories)
  return {
    kinds: items.map((one) => ({ value: one.kind, label: one.name })),
    categories: categories.map(({ code, name }) => ({ value: code, label: name })),
    states: (shown.data?.states ?? []).map(({ name, label }) => ({ value: name, label })),
    holders: (holders.data?.items ?? []).map(({ holder, label, count }) => ({
      value: holder,
      label: `${label} (${count})`,
    })),
  }
}

/** The filter in words, as a person would say it: on the sheet and over the list. */
export function sayFilter(search: WorkSearch, names: ReturnType<typeof useFilterWords>, t: Translate): string {
  const nameIn = (list: { value: string; label: string }[], value: string | undefined) =>
    value && (list.find((one) => one.value === value)?.label ?? value)
  const parts = [
    search.text && t('said.text', { text: search.text }),
    search.number,
    search.area && t('said.area', { area: search.area.split('/').at(-1) ?? '' }),
    nameIn(optionsOf(tones, t), search.tone),
    nameIn(names.states, search.state),
    nameIn(names.kinds, search.kind),
    nameIn(names.categories, search.category),
    nameIn(names.holders, search.holder),
    nameIn(optionsOf(dues, t), search.due),
    nameIn(optionsOf(channels, t), search.channel),
    (search.from ?? search.to) && `${search.from ?? ''}–${search.to ?? ''}`,
  ]
  return parts.filter(Boolean).join(' · ')
}

export function Filters({ search, change }: Filtering) {
  const t = useText()
  const names = useFilterWords(search.kind)
  const [wide, setWide] = useState(isFiltered(search))
  return (
    <div className="filters" role="search" aria-label={t('h5.scopes')}>
      <WordSearch search={search} change={change} />
      <AreaSelect search={search} change={change} />
      <Pick
        name="tone"
        label={t('filter.tone')}
        options={optionsOf(tones, t)}
        search={search}
        change={change}
        width={120}
      />
      <Pick
        name="due"
        label={t('receipt.due')}
        options={optionsOf(dues, t)}
        search={search}
        change={change}
        width={120}
      />
      <Pick
        name="category"
        label={t('matter.category')}
        options={names.categories}
        search={search}
        change={change}
        width={170}
      />
      {wide && (
        <>
          <Pick
            name="state"
            label={t('work.state')}
            options={names.states}
            search={search}
            change={change}
            width={140}
          />
          {names.kinds.length > 1 && (
            <Pick
              name="kind"
              label={t('filter.kind')}
              options={names.kinds}
              search={search}
              change={(part) => change({ ...part, category: undefined, state: undefined })}
              width={150}
            />
          )}
          <Pick
            name="holder"
            label={t('filter.holder')}
            options={names.holders}
            search={search}
            change={change}
            width={230}
          />
          <Pick
            name="channel"
            label={t('filter.channel')}
            options={optionsOf(channels, t)}
            search={search}
            change={change}
            width={140}
          />
          <DayRange search={search} change={change} />
        </>
      )}
      <Pick
        name="sort"
        label={t('sort.title')}
        options={optionsOf(sorts, t)}
        search={search}
        change={change}
        width={150}
      />
      <Button small kind="plain" aria-expanded={wide} onClick={() => setWide(!wide)}>
        {t(wide ? 'filter.fewer' : 'filter.more')}
      </Button>
      {isFiltered(search) && (
        <Button small kind="plain" onClick={() => change(noFilters)}>
          {t('work.clear')}
        </Button>
      )}
    </div>
  )
}

function Pick({
  name,
  label,
  options,
  search,
  change,
  width,
}: Filtering & {
  name: 'tone' | 'due' | 'state' | 'kind' | 'category' | 'holder' | 'channel' | 'sort'
  label: string
  options: readonly { value: string; label: string }[]
  width: number
}) {
  const value = search[name]
  const known = value === undefined || options.some((option) => option.value === value)
  return (
    <Select
      aria-label={label}
      placeholder={label}
      allowClear
      showSearch={options.length > 8 ? { optionFilterProp: 'label' } : false}
      popupMatchSelectWidth={false}
      style={{ width }}
      value={value}
      options={known ? [...options] : [{ value, label: value }, ...options]}
      onChange={(next: string | undefined) => change({ [name]: next })}
    />
  )
}

function DayRange({ search, change }: Filtering) {
  const t = useText()
  const day = (name: 'from' | 'to', label: string) => (
    <input
      type="date"
      className="day"
      aria-label={label}
      title={label}
      value={search[name] ?? ''}
      min={name === 'to' ? search.from : undefined}
      max={name === 'from' ? search.to : undefined}
      onChange={(event) => change({ [name]: event.target.value || undefined })}
    />
  )
  return (
    <span className="row days">
      {day('from', t('filter.from'))}
      <span className="faint">–</span>
      {day('to', t('filter.to'))}
    </span>
  )
}

function WordSearch({ search, change }: Filtering) {
  const t = useText()
  const shown = search.text ?? search.number ?? ''
  const [text, setText] = useState(shown)
  useEffect(() => setText(shown), [shown])
  return (
    <Input.Search
      id="work-search"
      aria-label={t('filter.words')}
      placeholder={t('filter.words')}
      allowClear
      maxLength={60}
      style={{ width: 250 }}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onSearch={(value) => change({ text: value.trim() || undefined, number: undefined })}
    />
  )
}

const searchLettersMin = 2

/** Areas by any part of their name. */
export function AreaSelect({
  search,
  change,
  label,
}: {
  search: Pick<WorkSearch, 'area'>
  change: (part: { area: string | undefined }) => void
  label?: string
}) {
  const t = useText()
  const [typed, setTyped] = useState('')
  const [chosenName, setChosenName] = useState<string>()
  const found = useQuery({
    queryKey: ['areas', typed],
    enabled: typed.trim().length >= searchLettersMin,
    queryFn: () => read<Static<typeof FoundAreas>>(`/grid/areas/search?q=${encodeURIComponent(typed.trim())}`),
  }).data?.items
  const named = useQuery({
    queryKey: ['area', search.area],
    enabled: search.area !== undefined && chosenName === undefined,
    queryFn: () => read<{ name: string }>(`/grid/area?path=${encodeURIComponent(search.area ?? '')}`),
  }).data?.name
  const options = (found ?? []).map((area) => ({ value: area.path, label: area.name }))
  const chosen =
    search.area && !options.some((option) => option.value === search.area)
      ? [{ value: search.area, label: chosenName ?? named ?? search.area.split('/').at(-1) ?? '' }]
      : []
  return (
    <Select
      aria-label={label ?? t('work.area')}
      placeholder={label ?? t('work.area')}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      popupMatchSelectWidth={false}
      style={{ width: 180 }}
      value={search.area}
      options={[...chosen, ...options]}
      notFoundContent={typed.trim().length < searchLettersMin ? t('work.typeTwo') : t('work.noArea')}
      onChange={(area: string | undefined) => {
        setChosenName(options.find(({ value }) => value === area)?.label)
        change({ area })
      }}
    />
  )
}
