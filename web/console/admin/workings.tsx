import type { FailedJob, Workings as Works } from '../../../src/ledger/contract.ts'
import { send } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { eventNames } from '../ledger/event-names.ts'
import { usePagedQuery } from '../paged-query.ts'
import { Figure } from './dangers.tsx'
import { Row, Rows, Tag } from './rows.tsx'

/** What each sweep does, in words; a new one is shown as housekeeping until it has a name here. */
const sweepNames: ReadonlyMap<string, TextKey> = new Map([
  ['kernel.forget_answers', 'sweep.answers'],
  ['identity.delete_outlived', 'sweep.signIns'],
  ['identity.expire_changes', 'sweep.seats'],
  ['grid.expire_role_changes', 'sweep.roles'],
  ['loop.sweep_due', 'sweep.due'],
  ['ledger.keep_heads', 'sweep.heads'],
  ['notify.forget_sms', 'sweep.sms'],
  ['notify.forget_deliveries', 'sweep.deliveries'],
  ['notify.forget_inbox', 'sweep.inbox'],
  ['notify.warn_missing_year', 'sweep.calendar'],
  ['ledger.stamp_heads', 'sweep.heads'],
  ['loop.recount_provisional', 'sweep.recount'],
  ['insight.count_recounted', 'sweep.recount'],
  ['files.clear_leftovers', 'sweep.files'],
  ['files.prepare_pictures', 'sweep.pictures'],
  ['duty.forget_diary', 'sweep.diary'],
  ['duty.remind_follow_up', 'sweep.due'],
])

/** How the house works behind the pages: what waits, what was given up, what runs from time to time. */
export function Workings() {
  const t = useText()
  const works = useRead<Works>('/ledger/workings')
  return (
    <div className="stack">
      <div className="spread">
        <p className="soft">{t('works.lead')}</p>
        <Button small busy={works.busy} onClick={works.reload}>
          {t('act.refresh')}
        </Button>
      </div>
      <Shown of={works} waiting={<Skeleton lines={8} />}>
        {(seen) => (
          <>
            <dl className="admin-figures">
              <Figure label={t('works.unsealed')} value={seen.unsealed} />
              <Figure label={t('works.waiting')} value={seen.waitingJobs} />
              <Figure label={t('works.failed')} value={seen.failedJobs} />
              <Figure label={t('check.leaves')} value={seen.leaves} />
            </dl>
            {seen.oldestUnsealedAt && (
              <p className="soft small">
                {t('works.oldest')} <Time at={seen.oldestUnsealedAt} />
              </p>
            )}
            <h2>{t('works.givenUp')}</h2>
            <FailedJobs changed={works.reload} />
            <h2>{t('works.sweeps')}</h2>
            <Rows label={t('works.sweeps')}>
              {seen.sweeps.map((sweep) => (
                <Row
                  key={sweep.name}
                  title={t(sweepNames.get(sweep.name) ?? 'sweep.other')}
                  tag={
                    sweep.error ? (
                      <Tag look="overdue">{t('works.sweepFailed')}</Tag>
                    ) : (
                      sweep.running && <Tag look="running">{t('works.sweepRuns')}</Tag>
                    )
                  }
                  facts={[
                    <>
                      {t('works.ranAt')} <Time at={sweep.ranAt} />
                    </>,
                    sweep.error && t('works.error', { error: sweep.error }),
                  ]}
                />
              ))}
            </Rows>
          </>
        )}
      </Shown>
    </div>
  )
}

/** What handlers gave up on after many tries; each can be tried again once the cause is mended. */
function FailedJobs({ changed }: { changed: () => void }) {
  const t = useText()
  const list = usePagedQuery<FailedJob>('/ledger/failed-jobs?limit=20')
  const retry = useAct((body: { entry: string; handler: string }, key) =>
    send('/ledger/failed-jobs/retries', { body, key }),
  )
  return (
    <>
      <Refused error={retry.error} />
      <Shown of={list}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('works.noneFailed')}>{t('works.noneFailedNext')}</Empty>
          ) : (
            <Rows label={t('works.givenUp')}>
              {items.map((job) => (
                <Row
                  key={`${job.entry} ${job.handler}`}
                  title={t(eventNames.get(job.event) ?? 'event.other')}
                  facts={[
                    <Time key="at" at={job.failedAt} />,
                    t('webhook.attempts', { count: job.attempts }),
                    job.error && t('works.error', { error: job.error }),
                  ]}
                >
                  <Button
                    small
                    busy={retry.busy}
                    onClick={async () => {
                      await retry.run({ entry: job.entry, handler: job.handler })
                      list.reload()
                      changed()
                    }}
                  >
                    {t('act.retry')}
                  </Button>
                </Row>
              ))}
            </Rows>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}
