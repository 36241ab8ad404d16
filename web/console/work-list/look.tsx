import { useState } from 'react'
import { useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, ChoiceField } from '../../shared/ui/field.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { columnNames } from './columns.tsx'
import { useLook } from './desk-query.ts'

/** Which columns one sees and how close they stand: kept with the person, on every machine. */
export function Look() {
  const t = useText()
  const [open, setOpen] = useState(false)
  const { look, change } = useLook()
  return (
    <>
      <Button small icon="settings" onClick={() => setOpen(true)}>
        {t('look.title')}
      </Button>
      <Sheet title={t('look.title')} open={open} close={() => setOpen(false)}>
        <fieldset className="field">
          <legend>{t('look.columns')}</legend>
          {columnNames.map(([column, name]) => (
            <CheckField
              key={column}
              label={t(name)}
              checked={look.columns.includes(column)}
              onChange={(checked) => {
                const next = columnNames
                  .map(([one]) => one)
                  .filter((one) => (one === column ? checked : look.columns.includes(one)))
                if (next.length > 0) change({ columns: next })
              }}
            />
          ))}
        </fieldset>
        <ChoiceField
          label={t('look.density')}
          value={look.density}
          onChange={(density) => change({ density: density as typeof look.density })}
          choices={[
            { value: 'roomy', label: t('look.roomy') },
            { value: 'middle', label: t('look.middle') },
            { value: 'dense', label: t('look.dense') },
          ]}
        />
      </Sheet>
    </>
  )
}
