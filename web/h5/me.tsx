import { useState } from 'react'
import type { Me } from '../../src/identity/accounts/contract.ts'
import type { FollowUpTerms } from '../../src/registry/follow-up/contract.ts'
import { useRead } from '../shared/loading.ts'
import { language, switchLanguage, useText } from '../shared/i18n/text.ts'
import { setElder, useElder } from '../shared/preferences.ts'
import { signOut } from '../shared/sign-in/session.ts'
import { RegisterResident } from '../shared/sign-in/register.tsx'
import { Devices } from '../shared/sign-in/devices.tsx'
import { Button, ButtonLink } from '../shared/ui/button.tsx'
import { Sheet } from '../shared/ui/sheet.tsx'
import { isUnsent, useOutbox } from '../shared/offline/use-outbox.ts'
import { Icon } from '../shared/ui/icon.tsx'
import { countyName } from '../shared/county.ts'
import { MyKit } from './kit.tsx'
import { Page } from './shell.tsx'

/** For named staff only: nobody else sees that there is such a thing. */
function NamedStaff() {
  const t = useText()
  const terms = useRead<FollowUpTerms>('/registry/follow-ups/terms').data
  if (!terms?.mine && !terms?.mayOpen) return null
  return (
    <li>
      <a className="line" href="/h5/follow-ups">
        <span>{t('followUp.title')}</span>
        <Icon name="forward" />
      </a>
    </li>
  )
}

export function MePage({ me, changed }: { me: Me; changed: (me: Me) => void }) {
  const t = useText()
  const elder = useElder()
  const unsent = useOutbox().filter(isUnsent).length
  const [leaving, setLeaving] = useState(false)
  return (
    <Page title={t('h5.me')}>
      <section className="card stack-s">
        <h2>{me.name || me.phone}</h2>
        <p className="soft">{[countyName(), me.loginName, me.phone].filter(Boolean).join(' · ')}</p>
      </section>
      {me.kind === 'staff' && <MyKit />}
      {me.kind === 'guest' && <RegisterResident done={changed} />}
      <ul className="rows">
        {me.kind === 'resident' && (
          <li>
            <a className="line" href="/h5/own">
              <span>{t('ownRecord.title')}</span>
              <Icon name="forward" />
            </a>
          </li>
        )}
        {me.kind === 'staff' && <NamedStaff />}
        <li>
          <a className="line" href="/h5/outbox">
            <span>{t('outbox.title')}</span>
            <span className="soft">{unsent > 0 ? t('outbox.unsent', { count: unsent }) : <Icon name="forward" />}</span>
          </a>
        </li>
        <li>
          <button type="button" className="line" role="switch" aria-checked={elder} onClick={() => setElder(!elder)}>
            <span>{t('elder.mode')}</span>
            <span className="soft">{elder ? t('form.on') : t('form.off')}</span>
          </button>
        </li>
        <li>
          <button
            type="button"
            className="line"
            onClick={() => void switchLanguage(language() === 'en' ? 'zh-CN' : 'en')}
          >
            <span>{t('me.language')}</span>
            <span className="soft">{language() === 'en' ? 'English' : '中文'}</span>
          </button>
        </li>
        <li>
          <a className="line" href="/complain">
            <span>{t('nav.complain')}</span>
            <Icon name="forward" />
          </a>
        </li>
        {me.kind === 'staff' && (
          <li className="elder-less">
            <a className="line" href="/console">
              <span>{t('me.desk')}</span>
              <Icon name="forward" />
            </a>
          </li>
        )}
      </ul>
      <section className="stack-s elder-less">
        <h2>{t('devices.title')}</h2>
        <Devices />
      </section>
      <Button kind="quiet" icon="logout" wide onClick={() => (unsent > 0 ? setLeaving(true) : void signOut('/h5'))}>
        {t('me.signOut')}
      </Button>
      <Sheet title={t('signOut.title')} open={leaving} close={() => setLeaving(false)}>
        <p>{t('signOut.unsent', { count: unsent })}</p>
        <ButtonLink kind="primary" wide href="/h5/outbox">
          {t('outbox.see')}
        </ButtonLink>
        <Button kind="danger" wide onClick={() => void signOut('/h5')}>
          {t('signOut.anyway')}
        </Button>
      </Sheet>
    </Page>
  )
}
