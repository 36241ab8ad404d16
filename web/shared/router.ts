import { useSyncExternalStore } from 'react'

/** The whole router of the phone and open pages: the address is the state. */
const changed = 'tongxin:address'

const address = () => location.pathname + location.search

export function useAddress(): URL {
  const now = useSyncExternalStore(listen, address)
  return new URL(now, location.origin)
}

function listen(tell: () => void): () => void {
  addEventListener('popstate', tell)
  addEventListener(changed, tell)
  return () => {
    removeEventListener('popstate', tell)
    removeEventListener(changed, tell)
  }
}

export function go(path: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', path)
  else history.pushState(null, '', path)
  dispatchEvent(new Event(changed))
  scrollTo(0, 0)
}

/** Follows links inside one face without loading the page anew; everything else stays the browser's. */
export function followLinks(base: string): void {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const modified = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
    if (!link || modified || event.defaultPrevented || link.target || link.hasAttribute('download')) return
    const url = new URL(link.href)
    const outside = url.origin !== location.origin || !url.pathname.startsWith(base) || url.hash
    if (outside || (base === '/' && /^\/(console|h5|api)\b/.test(url.pathname))) return
    event.preventDefault()
    go(url.pathname + url.search)
  })
}
