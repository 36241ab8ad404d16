import type { ReactNode } from 'react'
import { chooseCounty, currentCounty, servedCounties } from '../shared/county.ts'
import { useText } from '../shared/i18n/text.ts'
import { go } from '../shared/router.ts'
import { SelectField } from '../shared/ui/field.tsx'

/** Asked only where one installation serves several counties and the link did not say which. */
export function CountyChoice() {
  const t = useText()
  const choices = servedCounties().map(({ code, name }) => ({ value: code, label: name }))
  if (choices.length === 0) return null
  return (
    <SelectField
      label={t('landing.county')}
      value=""
      empty={t('form.choose')}
      choices={choices}
      onChange={(code) => {
        chooseCounty(code)
        const here = new URL(location.href)
        here.searchParams.set('county', code)
        go(here.pathname + here.search, { replace: true })
      }}
    />
  )
}

/** A page that means nothing without a county, below its heading: first the county, then the page. */
export function InCounty({ intro, children }: { intro: ReactNode; children: ReactNode }) {
  if (currentCounty() !== null || servedCounties().length < 2) return children
  return (
    <>
      {intro}
      <CountyChoice />
    </>
  )
}
