import { useQuery } from '@tanstack/react-query'
import type { SignedHead, Verifications } from '../../../src/ledger/contract.ts'
import { read, send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { asRefusal, useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { Figure } from './dangers.tsx'
import { Row, Rows, Tag } from './rows.tsx'

const askEveryMs = 1500

/** Whether the ledger holds: the last checks, the last signed heads, and a check to start. */
export function Verification() {
  const t = useText()
  const query = useQuery({
    queryKey: ['verifications'],
    queryFn: () => read<Verifications>('/ledger/verifications'),
    refetchInterval: ({ state }) => (state.data?.running ? askEveryMs : false),
  })
  const heads = useRead<{ items: SignedHead[] }>('/ledger/heads?limit=10')
  const start = useAct((_: object, key) => send('/ledger/verifications', { body: {}, key }))
  const loaded = {
    data: query.data,
    error: query.error ? asRefusal(query.error) : undefined,
    busy: query.isFetching,
    reload: () => void query.refetch(),
    replace: () => void query.refetch(),
  }
  return (
    <div className="stack">
      <p className="soft">{t('check.deskLead')}</p>
      <Shown of={loaded} waiting={<Skeleton lines={5} />}>
        {({ leaves, sealedAt, running, items }) => (
          <>
            <dl className="admin-figures">
              <Figure label={t('check.leaves')} value={leaves} />
            </dl>
            <p className="soft small">
              {sealedAt && (
                <>
                  {t('check.sealedAt')} <Time at={sealedAt} />
                </>
              )}
            </p>
            <Refused error={start.error} />
            <div className="row">
              <Button
                kind="primary"
                busy={start.busy || running !== null}
                onClick={async () => {
                  await start.run({})
                  loaded.reload()
                }}
              >
                {t('check.start')}
              </Button>
              {running && <span role="status">{t('check.running', { done: running.leaves, all: leaves })}</span>}
            </div>
            <h2>{t('check.past')}</h2>
            {items.length === 0 ? (
              <Empty title={t('check.never')}>{t('check.neverNext')}</Empty>
            ) : (
              <Rows label={t('check.past')}>
                {items.map((run) => (
                  <Row
                    key={run.id}
                    title={<Time at={run.at} />}
                    tag={
                      run.holds ? (
                        <Tag look="verified">{t('check.holds')}</Tag>
                      ) : (
                        <Tag look="overdue">{t('check.broken', { count: run.findings })}</Tag>
                      )
                    }
                    facts={[
                      t('check.checkedLeaves', { count: run.leaves }),
                      t('check.checkedHeads', { count: run.heads }),
                      !run.holds && t('check.brokenNext'),
                    ]}
                  />
                ))}
              </Rows>
            )}
          </>
        )}
      </Shown>
      <h2>{t('check.heads')}</h2>
      <Shown of={heads}>
        {({ items }) => (
          <Rows label={t('check.heads')}>
            {items.map((head) => (
              <Row
                key={head.tree_size}
                title={t('check.headOf', { count: head.tree_size })}
                facts={[<Time key="at" at={head.at} />, <code key="root">{head.root_hash.slice(0, 16)}…</code>]}
              />
            ))}
          </Rows>
        )}
      </Shown>
    </div>
  )
}
