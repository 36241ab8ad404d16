import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { CampaignBrief, SealView, SigningTerms } from '../../../src/signing/campaigns/contract.ts'
import type { LetterBrief } from '../../../src/signing/letters/contract.ts'
import { useState } from 'react'
import { send } from '../../shared/api.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { ChoiceField, SelectField, TextField } from '../../shared/ui/field.tsx'
import { More } from '../../shared/ui/more.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { CampaignState, Rate } from './parts.tsx'
import { letterTags } from './letter-words.ts'
import './signing.css'

/** Signings that run, the letters of the county, and its seals. */
export function SigningPage() {
  const t = useText()
  const navigate = useNavigate()
  const { part } = useSearch({ from: '/signing' })
  const terms = useRead<SigningTerms>('/signing/terms')
  return (
    <ConsolePage
      title={t('signing.title')}
      side={
        terms.data?.mayManage && (
          <Button small kind="primary" icon="plus" onClick={() => void navigate({ to: '/signing/new' })}>
            {t('signing.new')}
          </Button>
        )
      }
    >
      <p className="soft">{t('signing.lead')}</p>
      <ChoiceField
        label={t('signing.part')}
        value={part}
        onChange={(next) =>
          void navigate({
            to: '/signing',
            search: { part: next === 'letters' || next === 'seals' ? next : 'campaigns' },
          })
        }
        choices={[
          { value: 'campaigns', label: t('signing.campaigns') },
          { value: 'letters', label: t('signing.letters') },
          { value: 'seals', label: t('signing.seals') },
        ]}
      />
      {part === 'campaigns' && <Campaigns />}
      {part === 'letters' && <Letters />}
      {part === 'seals' && terms.data && <Seals terms={terms.data} />}
    </ConsolePage>
  )
}

function Campaigns() {
  const t = useText()
  const list = usePagedQuery<CampaignBrief>('/signing/campaigns?limit=20')
  return (
    <>
      <Shown of={list} waiting={<Skeleton lines={2} cards={3} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('signing.none')}>{t('signing.noneNext')}</Empty>
          ) : (
            <ul className="stack">
              {items.map((item) => (
                <li key={item.id}>
                  <Link className="card signing-card" to="/signing/$id" params={{ id: item.id }}>
                    <span className="spread">
                      <span className="strong">{item.title}</span>
                      <CampaignState of={item} />
                    </span>
                    <span className="soft small">
                      {item.letterName} · {item.areaName} · {t('signing.until', { day: saidDay(item.deadline) })} ·{' '}
                      {item.byLabel}
                    </span>
                    <Rate of={item.figures} />
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}

function Letters() {
  const t = useText()
  const list = usePagedQuery<LetterBrief>('/signing/letters?limit=50')
  return (
    <>
      <Shown of={list} waiting={<Skeleton lines={2} cards={3} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('signing.noLetter')}>{t('signing.noLetterNext')}</Empty>
          ) : (
            <ul className="stack">
              {items.map((item) => (
                <li key={item.id}>
                  <Link className="card signing-card" to="/signing/letters/$id" params={{ id: item.id }}>
                    <span className="spread">
                      <span className="strong">{item.name}</span>
                      <span className={`tag tag-${letterTags[item.state].tone}`}>
                        {t(letterTags[item.state].label)}
                      </span>
                    </span>
                    <span className="soft small">
                      {item.signers.join('、')}
                      {item.seal && ` · ${t('signing.sealedBy', { role: item.seal })}`} ·{' '}
                      {item.shipped ? t('signing.shipped') : item.byLabel}
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}

function Seals({ terms }: { terms: SigningTerms }) {
  const t = useText()
  const list = usePagedQuery<SealView>('/signing/seals?limit=50')
  const [name, setName] = useState('')
  const [areaPath, setArea] = useState(terms.places[0]?.areaPath ?? '')
  const make = useAct((body: object, key) => send('/signing/seals', { body, key }))
  const done = async () => {
    if ((await make.run({ name, areaPath })) === undefined) return
    say(t('signing.sealMade'))
    setName('')
    list.reload()
  }
  return (
    <>
      {terms.maySeal && (
        <section className="card stack">
          <h2>{t('signing.newSeal')}</h2>
          <p className="soft small">{t('signing.newSealLead')}</p>
          <TextField label={t('signing.sealName')} value={name} onChange={setName} maxLength={40} />
          <SelectField
            label={t('signing.sealPlace')}
            value={areaPath}
            onChange={setArea}
            choices={terms.places.map((place) => ({ value: place.areaPath, label: place.areaName }))}
          />
          <Refused error={make.error} />
          <div>
            <Button kind="primary" busy={make.busy} disabled={name.trim().length < 2} onClick={() => void done()}>
              {t('signing.makeSeal')}
            </Button>
          </div>
        </section>
      )}
      <Shown of={list} waiting={<Skeleton lines={2} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('signing.noSeal')}>{t('signing.noSealNext')}</Empty>
          ) : (
            <ul className="stack">
              {items.map((seal) => (
                <li key={seal.id} className="card stack-s">
                  <div className="spread">
                    <span className="strong">{seal.name}</span>
                    <span className={`tag tag-${seal.state === 'active' ? 'verified' : 'parked'}`}>
                      {t(seal.state === 'active' ? 'signing.sealActive' : 'signing.sealRetired')}
                    </span>
                  </div>
                  <span className="soft small">
                    {seal.areaName} · {t('signing.validUntil', { day: saidDay(seal.validUntil) })} · {seal.byLabel}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}
