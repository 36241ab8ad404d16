import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import type {
  FoundAddress,
  FoundOrganisation,
  FoundPerson,
  SearchAnswer,
} from '../../../src/registry/search/contract.ts'
import { randomKey, send } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { asRefusal } from '../loading.ts'
import type { Refusal } from '../api.ts'
import { Icon } from '../ui/icon.tsx'
import { Refused } from '../ui/states.tsx'
import { wordFor } from './words.ts'
import './search-box.css'

const WAIT_MS = 250

/** What is found goes to the face's own pages. */
export interface SearchWays {
  person: (id: string) => string
  building: (id: string) => string
  premises: (id: string) => string
  organisation?: (id: string) => string
}

type Asked = { answer?: SearchAnswer; error?: Refusal; busy: boolean }

/** The words go in the body of the request, never into an address that a log keeps. */
function useSearch(q: string): Asked {
  const [asked, setAsked] = useState<Asked>({ busy: false })
  useEffect(() => {
    if (q.trim() === '') {
      setAsked({ busy: false })
      return
    }
    let over = false
    setAsked((before) => ({ ...before, busy: true }))
    const timer = setTimeout(() => {
      send<SearchAnswer>('/registry/search', { body: { q, limit: 8 }, key: randomKey() }).then(
        (answer) => !over && setAsked({ answer, busy: false }),
        (error: unknown) => !over && setAsked({ error: asRefusal(error), busy: false }),
      )
    }, WAIT_MS)
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [q])
  return asked
}

/** One box for names, pinyin, the last digits of a phone, ID numbers, addresses and codes; only within one's own places. */
export function SearchBox({ ways, begin = '' }: { ways: SearchWays; begin?: string }) {
  const t = useText()
  const [q, setQ] = useState(begin)
  const { answer, error, busy } = useSearch(q)
  return (
    <search className="search-box">
      <label className="search-field">
        <Icon name="search" />
        <input
          className="input"
          type="search"
          aria-label={t('registry.search')}
          placeholder={t('registry.searchHint')}
          value={q}
          onChange={(event) => setQ(event.target.value)}
          maxLength={100}
          autoComplete="off"
          enterKeyHint="search"
        />
      </label>
      {q.trim() !== '' && (
        <div className="search-found" aria-live="polite" aria-busy={busy}>
          <Refused error={error} />
          {answer && <Found answer={answer} ways={ways} />}
        </div>
      )}
    </search>
  )
}

function Found({ answer, ways }: { answer: SearchAnswer; ways: SearchWays }) {
  const t = useText()
  const { people, addresses, organisations } = answer
  if (answer.kind === 'tooShort') return <p className="soft">{t('registry.searchMore')}</p>
  if (answer.kind === 'badCode') return <p className="soft">{t('registry.searchBadCode')}</p>
  const shown = people.items.length + addresses.items.length + (ways.organisation ? organisations.items.length : 0)
  if (shown === 0) return <p className="soft">{t('registry.searchNothing')}</p>
  return (
    <>
      <Group name={t('registry.people')} items={people.items} more={people.next !== null || !people.complete}>
        {(person) => <PersonHit of={person} href={ways.person(person.id)} />}
      </Group>
      <Group name={t('registry.premises')} items={addresses.items} more={addresses.next !== null}>
        {(one) => (
          <AddressHit of={one} href={one.kind === 'building' ? ways.building(one.id) : ways.premises(one.id)} />
        )}
      </Group>
      {ways.organisation && (
        <Group name={t('registry.organisations')} items={organisations.items} more={organisations.next !== null}>
          {(one) => <OrganisationHit of={one} href={ways.organisation!(one.id)} />}
        </Group>
      )}
    </>
  )
}

function Group<Item extends { id: string }>({
  name,
  items,
  more,
  children,
}: {
  name: string
  items: readonly Item[]
  more: boolean
  children: (item: Item) => ReactNode
}) {
  const t = useText()
  if (items.length === 0) return null
  return (
    <section>
      <h2 className="faint small">{name}</h2>
      <ul>
        {items.map((item) => (
          <li key={item.id}>{children(item)}</li>
        ))}
      </ul>
      {more && <p className="faint small">{t('registry.searchNarrow')}</p>}
    </section>
  )
}

/** The words that were found, marked; a mark is of whole characters. */
function Marked({ text, mark }: { text: string; mark: number[] | null }) {
  const letters = [...text]
  const [from = 0, until = 0] = mark ?? []
  if (until <= from) return text
  return (
    <>
      {letters.slice(0, from).join('')}
      <mark>{letters.slice(from, until).join('')}</mark>
      {letters.slice(until).join('')}
    </>
  )
}

function PersonHit({ of, href }: { of: FoundPerson; href: string }) {
  const t = useText()
  return (
    <a className="search-hit" href={href}>
      <span>
        <span className="strong">
          <Marked text={of.name} mark={of.mark} />
        </span>{' '}
        <span className="soft">
          {wordFor(t, 'sex', of.sex)} {of.age !== null && t('registry.years', { age: of.age })}
        </span>{' '}
        <span className="word-tag">{wordFor(t, 'registration', of.registration)}</span>
      </span>
      <span className="soft small">
        {of.address ?? of.areaName}
        {!of.livesHere && ` · ${t('registry.livesElsewhere')}`}
        {of.phone !== null && ` · ${of.phone}`}
      </span>
    </a>
  )
}

function AddressHit({ of, href }: { of: FoundAddress; href: string }) {
  const t = useText()
  return (
    <a className="search-hit" href={href}>
      <span>
        <span className="strong">
          <Marked text={of.address} mark={of.mark} />
        </span>{' '}
        {of.use !== null && <span className="word-tag">{wordFor(t, 'use', of.use)}</span>}
      </span>
      <span className="soft small">{of.areaName}</span>
    </a>
  )
}

function OrganisationHit({ of, href }: { of: FoundOrganisation; href: string }) {
  const t = useText()
  return (
    <a className="search-hit" href={href}>
      <span>
        <span className="strong">
          <Marked text={of.name} mark={of.mark} />
        </span>{' '}
        <span className="word-tag">{wordFor(t, 'organisation', of.kind)}</span>
      </span>
      <span className="soft small">{of.address || of.areaName}</span>
    </a>
  )
}
