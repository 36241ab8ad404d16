import { Link } from '@tanstack/react-router'
import type { HotlineChecked, HotlineTaken } from '../../../src/loop/hotline/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import type { useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Refused } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import { ChooseFile } from '../setup/choose-file.tsx'
import '../setup/setup.css'
import './hotline.css'
import { SheetProblems } from '../setup/sheet-problems.tsx'
import { useSheet } from '../setup/use-sheet.ts'
import { WordMeanings } from './word-meanings.tsx'

/** Tickets of the hotline from the sheet that its platform gives out: looked at first, taken in when nothing is wrong. */
export function HotlinePage() {
  const t = useText()
  const { file, checked, done, setDone, template, check, mark, take, look, save } = useSheet<
    HotlineChecked,
    HotlineTaken
  >('/hotline')
  return (
    <ConsolePage title={t('hotline.title')}>
      <section className="card stack">
        <p>{t('hotline.lead')}</p>
        <ul className="hotline-rules soft small">
          <li>{t('hotline.rule.once')}</li>
          <li>{t('hotline.rule.place')}</li>
          <li>{t('hotline.rule.due')}</li>
          <li>{t('hotline.rule.people')}</li>
        </ul>
        <div className="row">
          <ChooseFile
            label={t('setup.choose')}
            accept=".xlsx,.csv,.txt"
            busy={check.busy}
            chosen={(one) => void look(one)}
          />
          <Button
            kind="plain"
            icon="download"
            busy={template.busy}
            onClick={() => void save(t('hotline.templateName'), template.run(undefined))}
          >
            {t('hotline.template')}
          </Button>
        </div>
        <Refused error={template.error ?? check.error} />
        {file && checked && !done && (
          <div className="stack" aria-live="polite">
            <p>{t('hotline.found', { file: file.name, rows: checked.rows, headings: checked.headings.join('、') })}</p>
            <WordMeanings words={checked.words} kept={() => void look(file)} />
            {checked.problemCount > 0 ? (
              <>
                <Refused error={mark.error} />
                <SheetProblems
                  of={checked}
                  busy={mark.busy}
                  download={() => void save(t('hotline.markedName'), mark.run(file))}
                />
              </>
            ) : (
              <Ready
                of={checked}
                busy={take.busy}
                error={take.error}
                take={async () => setDone((await take.run(file)) ?? null)}
              />
            )}
          </div>
        )}
        {done && <Taken of={done} />}
      </section>
    </ConsolePage>
  )
}

function Ready({
  of,
  busy,
  error,
  take,
}: {
  of: HotlineChecked
  busy: boolean
  error: ReturnType<typeof useAct>['error']
  take: () => Promise<void>
}) {
  const t = useText()
  if (of.fresh === 0)
    return (
      <div className="banner" role="status">
        <Icon name="info" />
        <div>{t('hotline.nothing')}</div>
      </div>
    )
  return (
    <>
      <p>
        <span className="strong">{t('hotline.changes', { fresh: of.fresh, known: of.known })}</span>
        <br />
        {t('hotline.located', { located: of.located, rest: of.fresh - of.located })}{' '}
        {t('hotline.named', { named: of.named, rest: of.fresh - of.named })}
      </p>
      <Sample of={of} />
      <Refused error={error} />
      <div>
        <Button kind="primary" busy={busy} onClick={() => void take()}>
          {t('hotline.take', { count: of.fresh })}
        </Button>
      </div>
    </>
  )
}

function Sample({ of }: { of: HotlineChecked }) {
  const t = useText()
  return (
    <div className="setup-scroll">
      <table className="setup-table hotline-table">
        <caption className="only-read-aloud">{t('hotline.sample')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('hotline.ticket')}</th>
            <th scope="col">{t('hotline.text')}</th>
            <th scope="col">{t('hotline.place')}</th>
            <th scope="col">{t('hotline.category')}</th>
            <th scope="col">{t('hotline.caller')}</th>
          </tr>
        </thead>
        <tbody>
          {of.sample.map((row) => (
            <tr key={row.ticket}>
              <td className="mono">{row.ticket}</td>
              <td>{row.summary}</td>
              <td>
                {row.place} {!row.isLocated && <span className="tag tag-dueSoon">{t('hotline.unlocated')}</span>}
              </td>
              <td>{row.category}</td>
              <td>
                {row.caller} <span className="mono">{row.phone}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Taken({ of }: { of: HotlineTaken }) {
  const t = useText()
  return (
    <div className="stack">
      <div className="banner banner-good" role="status">
        <Icon name="check" />
        <div>
          {t('hotline.taken', { fresh: of.fresh, known: of.known })}
          <br />
          <span className="small mono hotline-hash">{t('setup.hash', { sha256: of.sha256 })}</span>
        </div>
      </div>
      <div className="row">
        <Link className="button button-quiet" to="/matters" search={{ scope: 'all', channel: 'hotline' }}>
          {t('hotline.toList')}
        </Link>
      </div>
      {of.items.length > 0 && (
        <div className="setup-scroll">
          <table className="setup-table hotline-table">
            <caption className="only-read-aloud">{t('hotline.result')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('hotline.ticket')}</th>
                <th scope="col">{t('hotline.number')}</th>
                <th scope="col">{t('hotline.area')}</th>
              </tr>
            </thead>
            <tbody>
              {of.items.map((item) => (
                <tr key={item.matterId}>
                  <td className="mono">{item.ticket}</td>
                  <td>
                    <Link className="mono" to="/matters/$id" params={{ id: item.matterId }}>
                      {item.number}
                    </Link>
                  </td>
                  <td>{item.areaName}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {of.fresh > of.items.length && <p className="soft">{t('hotline.moreItems')}</p>}
    </div>
  )
}
