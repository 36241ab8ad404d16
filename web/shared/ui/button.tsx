import type { ButtonHTMLAttributes, ReactNode } from 'react'
import type { IconName } from './icon.tsx'
import { Icon } from './icon.tsx'

interface Look {
  kind?: 'primary' | 'quiet' | 'danger' | 'plain'
  icon?: IconName
  wide?: boolean
  small?: boolean
  children: ReactNode
}

const classOf = ({ kind = 'quiet', wide, small }: Look) =>
  ['button', `button-${kind}`, wide && 'button-wide', small && 'button-small'].filter(Boolean).join(' ')

/** While `busy` the button keeps focus and its place, and says so; a second tap does nothing. */
export function Button({
  kind,
  icon,
  wide,
  small,
  children,
  busy,
  onClick,
  ...rest
}: Look & ButtonHTMLAttributes<HTMLButtonElement> & { busy?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      className={classOf({ kind, wide, small, children })}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

export function ButtonLink({
  kind,
  icon,
  wide,
  small,
  children,
  href,
  download,
}: Look & { href: string; download?: string }) {
  return (
    <a className={classOf({ kind, wide, small, children })} href={href} download={download}>
      {icon && <Icon name={icon} />}
      {children}
    </a>
  )
}

/** A round button with a sign only; its label is read aloud and shown on hover. */
export function RoundButton({
  icon,
  label,
  ...rest
}: { icon: IconName; label: string } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button type="button" {...rest} className="button round" aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  )
}
