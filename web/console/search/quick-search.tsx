import { useEffect, useState } from 'react'
import { useText } from '../../shared/i18n/text.ts'
import { SearchBox } from '../../shared/registry/search-box.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { deskWays } from './ways.ts'

/** The registry's one box from every page of the desk: a button, and Ctrl+K (⌘K). */
export function QuickSearch() {
  const t = useText()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const asked = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
      event.preventDefault()
      setOpen(true)
    }
    addEventListener('keydown', asked)
    return () => removeEventListener('keydown', asked)
  }, [])
  return (
    <>
      <Button small wide kind="plain" icon="people" aria-keyshortcuts="Control+K Meta+K" onClick={() => setOpen(true)}>
        {t('twice.quick')}
      </Button>
      <Sheet title={t('twice.quickTitle')} open={open} close={() => setOpen(false)}>
        {open && <SearchBox ways={deskWays} />}
      </Sheet>
    </>
  )
}
