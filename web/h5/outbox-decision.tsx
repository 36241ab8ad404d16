import type { Matter } from '../../src/loop/contract.ts'
import { useText } from '../shared/i18n/text.ts'
import { newId } from '../shared/ids.ts'
import { useRead } from '../shared/loading.ts'
import { house, withStore } from '../shared/offline/index.ts'
import type { Item, NewItem } from '../shared/offline/store.ts'
import { Button } from '../shared/ui/button.tsx'
import { Skeleton } from '../shared/ui/states.tsx'
import { Time } from '../shared/ui/time.tsx'
import { DropButton, Told } from './outbox-parts.tsx'

interface MoveBody {
  id: string
  move: string
  version: number
  form?: Record<string, unknown>
  fileIds?: string[]
  target?: { role: string; areaPath: string; unit?: string }
}

/** The matter moved on: both sides beside each other, and the person decides. */
export function Decision({ item }: { item: Item }) {
  const t = useText()
  const loaded = useRead<Matter>(`/matters/${item.subject}`)
  const matter = loaded.data
  const may = matter !== undefined && isStillLegal(item, matter)
  return (
    <>
      <p className="banner banner-warn" role="status">
        {item.message}
      </p>
      <div className="sides">
        <div className="side">
          <h3>{t('outbox.yours')}</h3>
          <Told item={{ ...item, words: item.words || item.title }} />
        </div>
        <div className="side">
          <h3>{t('outbox.meanwhile')}</h3>
          {matter ? (
            <Meanwhile item={item} matter={matter} />
          ) : loaded.busy ? (
            <Skeleton lines={2} />
          ) : (
            <p>{loaded.error?.status === 0 ? loaded.error.message : t('outbox.meanwhileUnknown')}</p>
          )}
        </div>
      </div>
      <p className="soft small">{t('outbox.stays')}</p>
      {matter && !may && <p className="soft small">{t('outbox.redoNot')}</p>}
      <div className="stack-s">
        {may && (
          <Button kind="primary" wide onClick={() => decide(item, redone(item, matter))}>
            {t('outbox.redo')}
          </Button>
        )}
        {matter && (
          <>
            <Button
              kind="quiet"
              wide
              onClick={() => decide(item, asRemark(item, t('outbox.remarkText', { move: item.title })))}
            >
              {t('outbox.remark')}
            </Button>
            <p className="soft small">{t('outbox.remarkNote')}</p>
          </>
        )}
        <DropButton item={item} label={t('outbox.giveUp')} />
      </div>
    </>
  )
}

function Meanwhile({ item, matter }: { item: Item; matter: Matter }) {
  const t = useText()
  const { version } = item.body as unknown as MoveBody
  const steps = matter.timeline.filter((step) => step.version > version)
  return (
    <div className="stack-s">
      {steps.length === 0 && <p>{t('outbox.nothingMeanwhile')}</p>}
      <ol className="stack-s">
        {steps.map((step) => (
          <li key={step.entryId}>
            <div className="strong">{step.title}</div>
            <div className="soft small">
              {[step.by, step.byName].filter(Boolean).join(' · ')} · <Time at={step.at} />
            </div>
            {step.details.map((detail) => (
              <div className="small" key={detail.label}>
                {detail.label}：{detail.value}
              </div>
            ))}
          </li>
        ))}
      </ol>
      <p>
        {matter.holder
          ? t('outbox.nowWith', { state: matter.stateName, holder: matter.holder })
          : t('outbox.now', { state: matter.stateName })}
      </p>
    </div>
  )
}

/** The same step is offered, and to the same one where somebody was chosen. */
function isStillLegal(item: Item, matter: Matter): boolean {
  const { move, target } = item.body as unknown as MoveBody
  const offer = matter.moves.find((one) => one.move === move)
  if (!offer) return false
  if (!target) return offer.targets.length === 0
  return offer.targets.some(
    ({ role, areaPath, unit }) => role === target.role && areaPath === target.areaPath && unit === (target.unit ?? ''),
  )
}

const contentOf = ({ title, place, words, answers, headers, subject, at }: Item) => ({
  title,
  place,
  words,
  answers,
  headers,
  subject,
  at,
})

function redone(item: Item, matter: Matter): Omit<NewItem, 'photos'> {
  const id = newId()
  const body = { ...item.body, id, version: matter.version }
  return { ...contentOf(item), id, kind: 'move', path: item.path, body, key: newId() }
}

function asRemark(item: Item, first: string): Omit<NewItem, 'photos'> {
  const id = newId()
  const { fileIds } = item.body as unknown as MoveBody
  const lines = [first, item.words, ...item.answers.map(({ label, value }) => `${label}：${value}`)]
  const text = lines.filter(Boolean).join('\n').slice(0, 2000)
  const body = { id, text, ...(fileIds ? { fileIds } : {}) }
  return { ...contentOf(item), id, kind: 'remark', path: `/matters/${item.subject}/remarks`, body, key: newId() }
}

const decide = (item: Item, next: Omit<NewItem, 'photos'>) =>
  void withStore((store) => store.replace(item.id, next)).then(async () => (await house())?.run())
