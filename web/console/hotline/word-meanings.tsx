import { useState } from 'react'
import type {
  HotlineChecked,
  HotlineKind,
  HotlineMapping,
  SetHotlineMapping,
} from '../../../src/loop/hotline/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'

type Word = HotlineChecked['words'][number]
type Meaning = SetHotlineMapping['items'][number]
/** What a clerk has chosen and not kept yet. */
type Chosen = Readonly<Record<string, Meaning>>

/** What the hotline's categories mean here: looked at, changed by the clerk, and kept for the next sheet. */
export function WordMeanings({ words, kept }: { words: readonly Word[]; kept: () => void }) {
  const t = useText()
  const loaded = useRead<HotlineMapping>('/hotline/mapping')
  const unnamed = words.filter(({ isNamed }) => !isNamed).length
  if (words.length === 0) return null
  return (
    <details className="hotline-words" open={unnamed > 0}>
      <summary>{t(unnamed > 0 ? 'hotline.words.some' : 'hotline.words.all', { count: unnamed })}</summary>
      <Shown of={loaded} waiting={<Skeleton lines={4} />}>
        {(mapping) => (
          <Choosing
            key={mapping.version}
            words={words}
            mapping={mapping}
            saved={(next) => {
              loaded.replace(next)
              say(t('hotline.words.kept'))
              kept()
            }}
          />
        )}
      </Shown>
    </details>
  )
}

interface Choices {
  words: readonly Word[]
  mapping: HotlineMapping
  saved: (next: HotlineMapping) => void
}

function Choosing({ words, mapping, saved }: Choices) {
  const t = useText()
  const [chosen, setChosen] = useState<Chosen>({})
  const act = useAct((body: SetHotlineMapping, key) =>
    send<HotlineMapping>('/hotline/mapping', { method: 'PUT', body, key }),
  )
  const earlier = new Map(mapping.items.map((one) => [one.said, one]))
  const isWhole = Object.values(chosen).every((one) => fieldsOf(mapping, one).every(({ field }) => one.form[field]))
  const keep = async () => {
    const items = [...new Map([...earlier, ...Object.entries(chosen)]).values()]
    const next = await act.run({ items, version: mapping.version })
    if (next) saved(next)
  }
  return (
    <div className="stack">
      <p className="soft small">{t('hotline.words.lead')}</p>
      <div className="setup-scroll">
        <table className="setup-table hotline-table">
          <thead>
            <tr>
              <th scope="col">{t('hotline.words.said')}</th>
              <th scope="col">{t('hotline.words.count')}</th>
              <th scope="col">{t('hotline.words.means')}</th>
            </tr>
          </thead>
          <tbody>
            {words.map((word) => (
              <WordRow
                key={word.said}
                word={word}
                offers={mapping.offers}
                meaning={chosen[word.said] ?? earlier.get(word.said) ?? meant(word)}
                choose={(meaning) => setChosen({ ...chosen, [word.said]: meaning })}
              />
            ))}
          </tbody>
        </table>
      </div>
      <Refused error={act.error} />
      <div>
        <Button
          kind="quiet"
          busy={act.busy}
          disabled={Object.keys(chosen).length === 0 || !isWhole}
          onClick={() => void keep()}
        >
          {t('hotline.words.keep')}
        </Button>
      </div>
    </div>
  )
}

const meant = ({ said, kind, category }: Word): Meaning => ({ said, kind, category, form: {} })
const fieldsOf = ({ offers }: Pick<HotlineMapping, 'offers'>, { kind }: Meaning): HotlineKind['fields'] =>
  offers.find((offer) => offer.kind === kind)?.fields ?? []

interface OneWord {
  word: Word
  offers: readonly HotlineKind[]
  meaning: Meaning
  choose: (meaning: Meaning) => void
}

function WordRow({ word, offers, meaning, choose }: OneWord) {
  const t = useText()
  const fields = fieldsOf({ offers: [...offers] }, meaning)
  return (
    <tr>
      <th scope="row">{word.said}</th>
      <td>{word.count}</td>
      <td>
        <div className="row">
          <select
            className="input hotline-select"
            aria-label={t('hotline.words.meansOf', { said: word.said })}
            value={`${meaning.kind}/${meaning.category}`}
            onChange={({ target }) => {
              const [kind = '', category = ''] = target.value.split('/')
              choose({ said: word.said, kind, category, form: {} })
            }}
          >
            {offers.map((offer) => (
              <optgroup key={offer.kind} label={offer.name}>
                {offer.categories.map(({ code, name }) => (
                  <option key={code} value={`${offer.kind}/${code}`}>
                    {`${offer.name} · ${name}`}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
          {fields.map(({ field, label, options }) => (
            <select
              key={field}
              className="input hotline-select"
              aria-label={label}
              value={meaning.form[field] ?? ''}
              onChange={({ target }) => choose({ ...meaning, form: { ...meaning.form, [field]: target.value } })}
            >
              <option value="">{label}</option>
              {options.map(({ value, label: name }) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </select>
          ))}
          {!word.isNamed && <span className="tag tag-dueSoon">{t('hotline.words.unnamed')}</span>}
        </div>
      </td>
    </tr>
  )
}
