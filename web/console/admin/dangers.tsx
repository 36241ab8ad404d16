import type { Danger, Dangers as DangerList } from '../../../src/identity/watch/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { Row, Rows, Tag } from './rows.tsx'

const kinds: Record<Danger['kind'], { name: TextKey; next: TextKey; look: string }> = {
  locked: { name: 'danger.locked', next: 'danger.lockedNext', look: 'dueSoon' },
  guessed: { name: 'danger.guessed', next: 'danger.guessedNext', look: 'dueSoon' },
  guessedThenIn: { name: 'danger.guessedThenIn', next: 'danger.guessedThenInNext', look: 'overdue' },
  manyNames: { name: 'danger.manyNames', next: 'danger.manyNamesNext', look: 'overdue' },
  night: { name: 'danger.night', next: 'danger.nightNext', look: 'dueSoon' },
  administratorElsewhere: { name: 'danger.elsewhere', next: 'danger.elsewhereNext', look: 'dueSoon' },
}
const limits: ReadonlyMap<string, TextKey> = new Map([
  ['sign_in', 'limit.signIn'],
  ['second_factor', 'limit.secondFactor'],
  ['sign_in_address', 'limit.signInAddress'],
  ['code_phone_minute', 'limit.codePhoneMinute'],
  ['code_phone_hour', 'limit.codePhoneHour'],
  ['code_phone_day', 'limit.codePhoneDay'],
  ['code_device', 'limit.codeDevice'],
  ['code_address', 'limit.codeAddress'],
  ['code_address_day', 'limit.codeAddressDay'],
  ['code_guess_address', 'limit.codeGuess'],
  ['oidc_address', 'limit.oidc'],
])

/** What at the doors does not look right, and how far each limit is used. */
export function Dangers() {
  const t = useText()
  const loaded = useRead<DangerList>('/identity/dangers')
  return (
    <div className="stack">
      <div className="spread">
        <p className="soft">{t('danger.lead')}</p>
        <Button small busy={loaded.busy} onClick={loaded.reload}>
          {t('act.refresh')}
        </Button>
      </div>
      <Shown of={loaded} waiting={<Skeleton lines={6} />}>
        {(seen) => (
          <>
            <dl className="admin-figures">
              <Figure label={t('danger.lockedNow')} value={seen.lockedNames} />
              <Figure label={t('danger.refused')} value={seen.refusedToday} />
              <Figure label={t('danger.accepted')} value={seen.acceptedToday} />
            </dl>
            {seen.items.length === 0 ? (
              <Empty title={t('danger.none')}>{t('danger.noneNext')}</Empty>
            ) : (
              <Rows label={t('admin.dangers')}>
                {seen.items.map((danger) => (
                  <Row
                    key={`${danger.kind} ${danger.accountId ?? ''} ${danger.lastAt}`}
                    title={danger.name || t('method.unknown')}
                    tag={<Tag look={kinds[danger.kind].look}>{t(kinds[danger.kind].name)}</Tag>}
                    facts={[
                      t('danger.times', { count: danger.count }),
                      <Time key="at" at={danger.lastAt} />,
                      t(kinds[danger.kind].next),
                    ]}
                  />
                ))}
              </Rows>
            )}
            <h2>{t('limit.title')}</h2>
            <Limits of={seen.throttles} />
          </>
        )}
      </Shown>
    </div>
  )
}

/** The limits that count anything now; those at rest say nothing. */
function Limits({ of }: { of: DangerList['throttles'] }) {
  const t = useText()
  const counting = of.flatMap(({ kind, subjects, reached }) => {
    const name = limits.get(kind)
    return name && subjects > 0 ? [{ name, subjects, reached }] : []
  })
  if (counting.length === 0) return <p className="soft">{t('limit.none')}</p>
  return (
    <Rows label={t('limit.title')}>
      {counting.map(({ name, subjects, reached }) => (
        <Row
          key={name}
          title={t(name)}
          tag={reached > 0 && <Tag look="dueSoon">{t('limit.reached', { count: reached })}</Tag>}
          facts={[t('limit.counting', { count: subjects })]}
        />
      ))}
    </Rows>
  )
}

/** One number with its name. */
export function Figure({ label, value }: { label: string; value: string | number }) {
  return (
    <div className="card admin-figure">
      <dt className="soft small">{label}</dt>
      <dd style={{ margin: 0 }}>
        <strong>{value}</strong>
      </dd>
    </div>
  )
}
