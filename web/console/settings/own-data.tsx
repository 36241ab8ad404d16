import type { OwnData as Own } from '../../../src/identity/accounts/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { saveFile } from '../../shared/save-file.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Shown } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'

/** What is kept of oneself: to read, and to take along. */
export function OwnData() {
  const t = useText()
  const loaded = useRead<Own>('/identity/me/data')
  return (
    <Shown of={loaded}>
      {(own) => (
        <div className="stack">
          <p className="soft">{t('own.lead')}</p>
          <dl className="facts">
            <dt>{t('account.name')}</dt>
            <dd>{own.account.name}</dd>
            <dt>{t('signIn.loginName')}</dt>
            <dd>{own.account.loginName ?? '—'}</dd>
            <dt>{t('phone.label')}</dt>
            <dd>{own.account.phone ?? t('own.noPhone')}</dd>
            <dt>{t('own.posts')}</dt>
            <dd>{own.posts.join('、') || t('account.noPost')}</dd>
            <dt>{t('own.since')}</dt>
            <dd>
              <Time at={own.account.createdAt} />
            </dd>
          </dl>
          <h3>{t('own.looks')}</h3>
          {own.looks.length === 0 ? (
            <p className="soft">{t('own.noLook')}</p>
          ) : (
            <ul className="stack-s">
              {own.looks.map((look) => (
                <li key={look.at}>
                  <Time at={look.at} /> <span className="soft">{t('unmask.reason', { reason: look.reason })}</span>
                </li>
              ))}
            </ul>
          )}
          <h3>{t('own.signIns')}</h3>
          <ul className="stack-s">
            {own.signIns.slice(0, 10).map((attempt, at) => (
              <li key={`${attempt.at} ${at}`}>
                <Time at={attempt.at} /> {attempt.device}{' '}
                {attempt.outcome !== 'accepted' && <span className="tag tag-overdue">{t('method.refused')}</span>}
              </li>
            ))}
          </ul>
          <div>
            <Button
              onClick={() => saveFile(`${t('own.title')}.json`, JSON.stringify(own, null, 2), 'application/json')}
            >
              {t('own.take')}
            </Button>
          </div>
        </div>
      )}
    </Shown>
  )
}
