import type { CampaignQuestion } from '../../../src/registry/visits/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, SelectField, TextArea, TextField } from '../../shared/ui/field.tsx'

/** A question as it is written down: its choices one a line. */
export interface Asked {
  key: number
  label: string
  widget: CampaignQuestion['widget']
  lines: string
  required: boolean
}

const widgets: [CampaignQuestion['widget'], TextKey][] = [
  ['radio', 'visit.askOne'],
  ['checks', 'visit.askSeveral'],
  ['switch', 'visit.askYes'],
  ['text', 'visit.askText'],
  ['number', 'visit.askNumber'],
  ['date', 'visit.askDate'],
]
const chosen = new Set<CampaignQuestion['widget']>(['radio', 'checks', 'select'])

/** What is sent: codes are made here, nobody types one. */
export const questionsOf = (asked: readonly Asked[]): CampaignQuestion[] =>
  asked
    .filter(({ label }) => label.trim() !== '')
    .map(({ label, widget, lines, required }, at) => ({
      code: `q${at + 1}`,
      label: label.trim(),
      widget,
      required,
      options: chosen.has(widget)
        ? lines
            .split('\n')
            .map((line) => line.trim())
            .filter(Boolean)
            .map((line, option) => ({ value: `a${option + 1}`, label: line }))
        : [],
    }))

export function QuestionList({ asked, change }: { asked: readonly Asked[]; change: (asked: Asked[]) => void }) {
  const t = useText()
  const fresh: Asked = {
    key: Math.max(0, ...asked.map(({ key }) => key)) + 1,
    label: '',
    widget: 'radio',
    lines: `${t('form.on')}\n${t('form.off')}`,
    required: false,
  }
  return (
    <>
      <p className="soft small">{t('visit.askHint')}</p>
      {asked.map((one, at) => (
        <div className="visits-question" key={one.key}>
          <TextField
            label={t('visit.question', { number: at + 1 })}
            value={one.label}
            maxLength={100}
            onChange={(label) => change(asked.map((other) => (other === one ? { ...one, label } : other)))}
          />
          <SelectField
            label={t('visit.askHow')}
            value={one.widget}
            choices={widgets.map(([value, label]) => ({ value, label: t(label) }))}
            onChange={(widget) =>
              change(asked.map((other) => (other === one ? { ...one, widget: widget as Asked['widget'] } : other)))
            }
          />
          {chosen.has(one.widget) && (
            <TextArea
              label={t('visit.askChoices')}
              value={one.lines}
              rows={3}
              maxLength={1000}
              onChange={(lines) => change(asked.map((other) => (other === one ? { ...one, lines } : other)))}
            />
          )}
          <div className="spread">
            <CheckField
              label={t('visit.askNeeded')}
              checked={one.required}
              onChange={(required) => change(asked.map((other) => (other === one ? { ...one, required } : other)))}
            />
            <Button kind="plain" small onClick={() => change(asked.filter((other) => other !== one))}>
              {t('visit.askDrop')}
            </Button>
          </div>
        </div>
      ))}
      {asked.length < 20 && (
        <div>
          <Button kind="quiet" small icon="plus" onClick={() => change([...asked, fresh])}>
            {t('visit.askAdd')}
          </Button>
        </div>
      )}
    </>
  )
}
