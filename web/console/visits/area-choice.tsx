import { useState } from 'react'
import type { AreaBrief } from '../../../src/grid/areas/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { usePages } from '../../shared/loading.ts'
import { RoundButton } from '../../shared/ui/button.tsx'
import { CheckField } from '../../shared/ui/field.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'

interface Choosing {
  chosen: readonly string[]
  choose: (paths: string[]) => void
}

/** One or several areas: a whole town, some villages, single micro-grids; one inside a chosen one needs no tick of its own. */
export function AreaChoice({ chosen, choose }: Choosing) {
  return <Level under={null} chosen={chosen} choose={choose} />
}

const isIn = (path: string, chosen: readonly string[]) => chosen.some((one) => path.startsWith(`${one}/`))

function Level({ under, chosen, choose }: Choosing & { under: string | null }) {
  const query = under === null ? '?limit=100' : `?under=${encodeURIComponent(under)}&limit=100`
  const list = usePages<AreaBrief>(`/grid/areas${query}`)
  return (
    <>
      <Shown of={list} waiting={<Skeleton lines={2} />}>
        {(items) => (
          <ul className="stack-s">
            {items.map((area) => (
              <li key={area.path}>
                <One of={area} chosen={chosen} choose={choose} />
              </li>
            ))}
          </ul>
        )}
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}

function One({ of, chosen, choose }: Choosing & { of: AreaBrief }) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const inside = isIn(of.path, chosen)
  const toggle = (on: boolean) =>
    choose(
      on
        ? [...chosen.filter((one) => !one.startsWith(`${of.path}/`)), of.path]
        : chosen.filter((one) => one !== of.path),
    )
  return (
    <>
      <div className="row">
        {of.hasChildren ? (
          <RoundButton
            icon={open ? 'close' : 'plus'}
            label={t(open ? 'visit.fold' : 'visit.unfold', { name: of.name })}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          />
        ) : (
          <span className="visits-gap" />
        )}
        <CheckField
          label={of.name}
          checked={inside || chosen.includes(of.path)}
          onChange={inside ? () => {} : toggle}
        />
      </div>
      {open && (
        <div className="visits-below">
          <Level under={of.path} chosen={chosen} choose={choose} />
        </div>
      )}
    </>
  )
}
