import { useState } from 'react'
import type { Invitations, SetupState } from '../../../src/grid/setup/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Refused } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'

interface Card {
  loginName: string
  name: string
  post: string
  address: string
  picture: string
  expiresAt: string
}

/** First links for everybody who was taken in: as messages, or as cards to be printed and handed out. */
export function InviteStep({ state, sent }: { state: SetupState; sent: () => void }) {
  const t = useText()
  const [cards, setCards] = useState<readonly Card[]>([])
  const [told, setTold] = useState<{ sent: number; without: number } | null>(null)
  const waiting = state.counts.invited
  const act = useAct(async (way: 'sms' | 'print', key) => {
    const all: Invitations['items'] = []
    let after: string | undefined
    let portion = 0
    do {
      const body = { way, ...(after ? { after } : {}) }
      const answer: Invitations = await send('/grid/setup/invitations', { body, key: `${key}-${portion++}` })
      all.push(...answer.items)
      after = answer.next ?? undefined
    } while (after)
    return all
  })
  const print = async () => {
    const items = await act.run('print')
    if (!items) return
    const { toDataURL } = await import('qrcode')
    const drawn = items.map(async ({ address, ...item }) => ({
      ...item,
      address: address ?? '',
      picture: await toDataURL(address ?? '', { margin: 1, width: 224 }),
    }))
    setCards(await Promise.all(drawn))
  }
  const message = async () => {
    const items = await act.run('sms')
    if (!items) return
    const went = items.filter((item) => item.sent).length
    setTold({ sent: went, without: items.length - went })
    sent()
  }
  return (
    <>
      <div className="not-printed stack">
        <p className="soft">{t('setup.inviteLead')}</p>
        <p className="strong">{t('setup.inviteWaiting', { waiting, active: state.counts.active })}</p>
        <div className="row">
          <Button kind="primary" busy={act.busy} disabled={waiting === 0} onClick={() => void message()}>
            {t('setup.inviteSms')}
          </Button>
          <Button busy={act.busy} disabled={waiting === 0} onClick={() => void print()}>
            {t('setup.invitePrint')}
          </Button>
        </div>
        <Refused error={act.error} />
        {told && (
          <div className="banner banner-good" role="status">
            <Icon name="check" />
            {t('setup.inviteSent', { sent: told.sent, without: told.without })}
          </div>
        )}
        {cards.length > 0 && (
          <div className="row">
            <p className="grow">{t('setup.inviteCards')}</p>
            <Button kind="primary" onClick={() => window.print()}>
              {t('setup.printNow')}
            </Button>
          </div>
        )}
      </div>
      <div className="setup-cards">
        {cards.map((card) => (
          <div className="setup-card" key={card.loginName}>
            <img src={card.picture} alt={t('setup.inviteCode', { name: card.name })} />
            <div className="stack-s">
              <span className="strong">{card.name}</span>
              <span className="small">{card.post}</span>
              <span>
                {t('signIn.loginName')} <span className="mono">{card.loginName}</span>
              </span>
              <a className="small mono" href={card.address}>
                {t('setup.inviteOpen')}
              </a>
              <span className="small soft">
                {t('account.linkUntil')} <Time at={card.expiresAt} />
              </span>
            </div>
          </div>
        ))}
      </div>
    </>
  )
}
