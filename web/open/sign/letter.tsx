import { useEffect, useRef, useState } from 'react'
import type { AskedVariable, LetterToRead, ReadBlock } from '../../../src/signing/signer/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'
import { ChoiceField, TextArea, TextField } from '../../shared/ui/field.tsx'
import { Aloud } from './aloud.tsx'
import type { Answers, Keeping } from './keep.ts'

/** Goes on only once the end was in sight. */
function useSeenEnd(): [(mark: HTMLElement | null) => void, boolean] {
  const [seen, setSeen] = useState(false)
  const [mark, setMark] = useState<HTMLElement | null>(null)
  useEffect(() => {
    if (!mark || seen) return
    const watch = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true)
    })
    watch.observe(mark)
    return () => watch.disconnect()
  }, [mark, seen])
  return [setMark, seen]
}

export function LetterStep({
  letter,
  keeping,
  onDone,
}: {
  letter: LetterToRead
  keeping: Keeping
  onDone: () => void
}) {
  const t = useText()
  const [end, seen] = useSeenEnd()
  const form = useRef<HTMLFormElement>(null)
  const [tried, setTried] = useState(false)
  const { answers } = keeping.kept
  const missing = letter.asked.filter(({ name, optional }) => !optional && isEmpty(answers[name]))
  return (
    <form
      ref={form}
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (seen && missing.length === 0) onDone()
      }}
    >
      <article className="card sign-letter" lang="zh-CN">
        <div className="row">
          <h2>{letter.title}</h2>
          <Aloud text={letter.blocks.flatMap(({ lines, rows }) => [...lines, ...(rows ?? []).flat()])} />
        </div>
        {letter.blocks.map((block, i) => (
          // A letter's blocks never change places.
          // oxlint-disable-next-line react/no-array-index-key
          <Block key={i} of={block} />
        ))}
        <span ref={end} aria-hidden="true" />
      </article>
      {letter.asked.length > 0 && (
        <section className="stack">
          <h2>{t('sign.answers')}</h2>
          {letter.asked.map((one) => (
            <Answer
              key={one.name}
              of={one}
              value={answers[one.name]}
              wrong={tried && missing.includes(one) ? t('sign.empty', { label: one.label }) : undefined}
              onChange={(value) => keeping.change({ answers: put(answers, one.name, value) })}
            />
          ))}
        </section>
      )}
      <p className="faint small">{t('sign.kept')}</p>
      <Button type="submit" kind="primary" wide disabled={!seen}>
        {t(seen ? 'sign.readDone' : 'sign.readOn')}
      </Button>
    </form>
  )
}

const isEmpty = (value: Answers[string] | undefined): boolean => value === undefined || value === ''

function put(answers: Answers, name: string, value: Answers[string] | undefined): Answers {
  const { [name]: _before, ...rest } = answers
  return isEmpty(value) ? rest : { ...rest, [name]: value! }
}

function Block({ of }: { of: ReadBlock }) {
  if (of.kind === 'heading') return <h3>{of.lines[0]}</h3>
  if (of.kind !== 'table') return of.lines.map((line) => <p key={line}>{line}</p>)
  return (
    <div className="sign-table">
      <table>
        <thead>
          <tr>
            {of.lines.map((head) => (
              <th key={head}>{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(of.rows ?? []).map((row) => (
            <tr key={row.join('|')}>
              {row.map((cell, i) => (
                // oxlint-disable-next-line react/no-array-index-key
                <td key={i}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface AnswerProps {
  of: AskedVariable
  value: Answers[string] | undefined
  wrong: string | undefined
  onChange: (value: Answers[string] | undefined) => void
}

function Answer({ of, value, wrong, onChange }: AnswerProps) {
  const t = useText()
  const { label, kind, optional, maxLength } = of
  const frame = { label, optional, wrong, value: value === undefined ? '' : String(value) }
  if (kind === 'yesNo') {
    const choices = [
      { value: 'true', label: t('sign.yes') },
      { value: 'false', label: t('sign.no') },
    ]
    return <ChoiceField {...frame} choices={choices} onChange={(next) => onChange(next === 'true')} />
  }
  if (kind === 'number') {
    const whole = (text: string) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined)
    return <TextField {...frame} inputMode="numeric" maxLength={9} onChange={(text) => onChange(whole(text))} />
  }
  if (kind === 'day') return <TextField {...frame} type="date" onChange={onChange} />
  if (kind === 'mobile') return <TextField {...frame} type="tel" inputMode="tel" maxLength={11} onChange={onChange} />
  if (kind === 'text' && maxLength > 80)
    return <TextArea {...frame} maxLength={maxLength} rows={3} onChange={onChange} />
  return <TextField {...frame} maxLength={maxLength} onChange={onChange} />
}
