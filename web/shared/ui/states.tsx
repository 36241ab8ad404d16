import type { ReactNode } from 'react'
import type { Refusal } from '../api.ts'
import { useText } from '../i18n/text.ts'
import type { Loaded } from '../loading.ts'
import { shellHere } from '../position/index.ts'
import { Button } from './button.tsx'
import type { IconName } from './icon.tsx'
import { Icon } from './icon.tsx'
import { Title } from './title.tsx'

/** Grey lines in the shape of what is coming. */
export function Skeleton({ lines = 3, cards = 1 }: { lines?: number; cards?: number }) {
  const t = useText()
  return (
    <div className="stack" role="status" aria-label={t('state.loading')}>
      {Array.from({ length: cards }, (_, card) => (
        <div className="card stack-s" key={card}>
          {Array.from({ length: lines }, (__, line) => (
            <span className="bone" key={line} style={{ width: `${[62, 92, 78, 45][line % 4]}%` }} />
          ))}
        </div>
      ))}
    </div>
  )
}

export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="state">
      <svg className="picture" viewBox="0 0 72 72" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden="true">
        <circle cx="36" cy="36" r="30" strokeOpacity=".25" />
        <circle cx="36" cy="36" r="20" strokeOpacity=".5" />
        <circle cx="36" cy="36" r="10" />
        <path d="m31.5 36.200 3.200 3.200 6-6.600" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  )
}

const signs: Record<'refused' | 'offline' | 'broken', IconName> = {
  refused: 'shield',
  offline: 'globe',
  broken: 'warning',
}

/** Refused, offline and broken are three different things; each says what to do next. */
export function Trouble({ error, retry }: { error: Refusal; retry?: () => void }) {
  const t = useText()
  // What is asked for stands in the address: nobody filled anything in that could be mended.
  const isBadAddress = error.status === 400
  const isNowhere = isBadAddress || error.status === 404
  const kind = error.status === 0 ? 'offline' : error.status === 403 || error.status === 401 ? 'refused' : 'broken'
  return (
    <div className="state state-trouble" role="alert">
      <span className="picture" style={{ fontSize: 56 }}>
        <Icon name={signs[kind]} />
      </span>
      <h2>{isBadAddress ? t('trouble.badAddress') : error.message}</h2>
      {error.status === 401 && (
        <Button kind="primary" onClick={() => location.reload()}>
          {t('signIn.restart')}
        </Button>
      )}
      {error.status === 403 && (
        <p>{t(error.code === 'kernel.wrong_purpose' ? 'trouble.purposeNext' : 'trouble.refusedNext')}</p>
      )}
      {kind === 'broken' && !isNowhere && error.requestId && (
        <p className="small">{t('trouble.request', { id: error.requestId })}</p>
      )}
      {retry && kind !== 'refused' && !isNowhere && (
        <Button kind="quiet" onClick={retry}>
          {t('act.retry')}
        </Button>
      )}
    </div>
  )
}

/** A code or link that is not whole, not known or used up: nothing that trying again would mend. */
export const isUnknown = (error: Refusal) => [400, 404, 410].includes(error.status)

/** Said as the page's own heading, with the way on. */
export function Unknown({ title, next, children }: { title: string; next: string; children?: ReactNode }) {
  return (
    <section className="stack">
      <Title text={title} />
      <p className="soft">{next}</p>
      {children}
    </section>
  )
}

/** Signing in beside the page, so that what was filled in here stays. Pages without an account lead nowhere. */
function SignInAside() {
  const t = useText()
  const face = document.documentElement.dataset['face']
  if (face !== 'console' && face !== 'h5') return null
  return (
    <div>
      <a href={`/${face}`} {...(shellHere() ? {} : { target: '_blank', rel: 'noreferrer' })}>
        {t('signIn.aside')}
      </a>
    </div>
  )
}

/** The server's sentence right where the act was tried. */
export function Refused({ error }: { error: Refusal | undefined }) {
  if (!error) return null
  return (
    <div className="banner banner-wrong" role="alert">
      <Icon name="warning" />
      <div>
        {error.message}
        {error.fields.map((field) => (
          <div key={field.path}>{field.message}</div>
        ))}
        {error.code === 'kernel.unauthenticated' && <SignInAside />}
      </div>
    </div>
  )
}

/** Skeleton, trouble or the thing itself. */
export function Shown<Data>({
  of,
  children,
  waiting,
}: {
  of: Loaded<Data>
  children: (data: Data) => ReactNode
  waiting?: ReactNode
}) {
  if (of.data !== undefined) return children(of.data)
  if (of.error && !of.busy) return <Trouble error={of.error} retry={of.reload} />
  return waiting ?? <Skeleton />
}
