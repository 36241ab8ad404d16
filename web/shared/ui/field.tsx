import type { InputHTMLAttributes, ReactNode, TextareaHTMLAttributes } from 'react'
import { useId } from 'react'
import { useText } from '../i18n/text.ts'
import { Icon } from './icon.tsx'

interface Wrapping {
  label: ReactNode
  hint?: ReactNode
  wrong?: string | undefined
  optional?: boolean
}

function Wrong({ id, text }: { id: string; text: string | undefined }) {
  if (!text) return null
  return (
    <p className="wrong" id={id}>
      <Icon name="warning" />
      {text}
    </p>
  )
}

/** Ties label, hint and refusal to the control, so that a screen reader says all three. */
function Wrapped({ label, hint, wrong, optional, children }: Wrapping & { children: (tied: Tied) => ReactNode }) {
  const id = useId()
  const t = useText()
  const described = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {optional && <span className="optional">{t('form.optional')}</span>}
      </label>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': wrong ? true : undefined })}
      <Wrong id={`${id}-wrong`} text={wrong} />
    </div>
  )
}

interface Tied {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

type InputProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'>
type Changing = { value: string; onChange: (value: string) => void }

export function TextField({
  label,
  hint,
  wrong,
  optional,
  value,
  onChange,
  side,
  ...rest
}: Wrapping & Changing & InputProps & { side?: ReactNode }) {
  return (
    <Wrapped label={label} hint={hint} wrong={wrong} optional={optional}>
      {(tied) => {
        const input = (
          <input
            className="input"
            {...rest}
            {...tied}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )
        return side ? (
          <div className="with-button">
            {input}
            {side}
          </div>
        ) : (
          input
        )
      }}
    </Wrapped>
  )
}

export function PhoneField(props: Wrapping & Changing & { side?: ReactNode; required?: boolean }) {
  return <TextField {...props} type="tel" inputMode="tel" autoComplete="tel-national" maxLength={20} />
}

export function CodeField({ onChange, ...rest }: Wrapping & Changing & { side?: ReactNode }) {
  const digits = (text: string) => text.normalize('NFKC').replace(/\D/g, '').slice(0, 6)
  return (
    <TextField
      {...rest}
      onChange={(value) => onChange(digits(value))}
      inputMode="numeric"
      autoComplete="one-time-code"
    />
  )
}

type AreaProps = Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange' | 'value'>

export function TextArea({
  label,
  hint,
  wrong,
  optional,
  value,
  onChange,
  maxLength,
  ...rest
}: Wrapping & Changing & AreaProps) {
  return (
    <Wrapped label={label} hint={hint} wrong={wrong} optional={optional}>
      {(tied) => (
        <>
          <textarea
            className="input"
            {...rest}
            {...tied}
            maxLength={maxLength}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
          {maxLength && value.length > maxLength * 0.8 && (
            <span className="count">
              {value.length} / {maxLength}
            </span>
          )}
        </>
      )}
    </Wrapped>
  )
}

export interface Choice {
  value: string
  label: string
  note?: string
  /** Under which heading it stands, where there are headings. */
  group?: string
}

export function SelectField({
  label,
  hint,
  wrong,
  optional,
  value,
  onChange,
  choices,
  empty,
}: Wrapping & Changing & { choices: readonly Choice[]; empty?: string }) {
  return (
    <Wrapped label={label} hint={hint} wrong={wrong} optional={optional}>
      {(tied) => (
        <select className="input" {...tied} value={value} onChange={(event) => onChange(event.target.value)}>
          {empty !== undefined && <option value="">{empty}</option>}
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Wrapped>
  )
}

/** Radio buttons as chips: all choices in sight, one tap each. */
export function ChoiceField({
  label,
  hint,
  wrong,
  optional,
  value,
  onChange,
  choices,
  groups,
  list,
}: Wrapping & Changing & { choices: readonly Choice[]; groups?: readonly string[]; list?: boolean }) {
  const id = useId()
  const t = useText()
  return (
    <fieldset
      className="field"
      aria-describedby={wrong ? `${id}-wrong` : undefined}
      data-wrong={wrong ? true : undefined}
    >
      <legend>
        {label}
        {optional && <span className="optional">{t('form.optional')}</span>}
      </legend>
      {hint && <p className="hint">{hint}</p>}
      {(groups ?? [undefined]).map((group) => (
        <div key={group ?? ''} role={group === undefined ? undefined : 'group'} aria-label={group}>
          {group !== undefined && <p className="field-group">{group}</p>}
          <div className={list ? 'chips chips-list' : 'chips'}>
            {choices
              .filter((choice) => group === undefined || choice.group === group)
              .map((choice) => (
                <Chip key={choice.value} name={id} choice={choice} value={value} onChange={onChange} />
              ))}
          </div>
        </div>
      ))}
      <Wrong id={`${id}-wrong`} text={wrong} />
    </fieldset>
  )
}

function Chip({ name, choice, value, onChange }: Changing & { name: string; choice: Choice }) {
  return (
    <label className="chip">
      <input
        type="radio"
        name={name}
        value={choice.value}
        checked={choice.value === value}
        onChange={() => onChange(choice.value)}
      />
      <span className="face">
        <span>{choice.label}</span>
        {choice.note && <span className="faint small">{choice.note}</span>}
      </span>
    </label>
  )
}

export function CheckField({
  label,
  checked,
  onChange,
}: {
  label: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
}) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>{label}</span>
    </label>
  )
}
