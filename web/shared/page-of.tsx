import type { ComponentType } from 'react'
import { lazy, useState } from 'react'

/** A page whose script is fetched when it is first shown, or before by `prepare`: then it is drawn at once, with no skeleton between. */
export function pageOf<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  let here: ComponentType<Props> | undefined
  const Later = lazy(async () => ({ default: await load() }))
  function Page(props: Props) {
    // Kept for as long as it is shown: another component in its place would begin anew.
    const [Shown] = useState<ComponentType<Props>>(() => here ?? Later)
    return <Shown {...props} />
  }
  const prepare = async () => {
    here = await load()
  }
  return Object.assign(Page, { prepare })
}
