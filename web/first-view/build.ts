import { readFileSync, writeFileSync } from 'node:fs'
import type { Plugin, Rolldown } from 'vite'
import { spaced } from '../shared/i18n/text.ts'
import { zhCN as words } from '../shared/i18n/zh-CN.ts'

/** Asked before the scripts have come: public/first.js. */
const reporting = '/counties /identity/who" data-ask-of-county="/kinds'

/** Open pages that most people come to by a link: their frame and words stand in the HTML, and their script is fetched with it. */
const views = [
  { name: 'r', source: 'open/report.tsx', title: words['nav.report'], lead: words['report.lead'], asks: reporting },
  {
    name: 'p',
    source: 'open/progress.tsx',
    title: words['nav.progress'],
    lead: words['progress.lead'],
    asks: '/counties',
  },
  {
    name: 'complain',
    source: 'open/complain.tsx',
    title: words['nav.complain'],
    lead: words['complain.lead'],
    asks: reporting,
  },
] as const

/** A chunk with all that it imports, scripts and styles. */
function filesOf(source: string, bundle: Rolldown.OutputBundle): Set<string> {
  const chunks = Object.values(bundle).filter((one) => one.type === 'chunk')
  const found = new Set<string>()
  const visit = (chunk: Rolldown.OutputChunk | undefined): void => {
    if (!chunk || found.has(chunk.fileName)) return
    found.add(chunk.fileName)
    for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style)
    for (const next of chunk.imports) visit(chunks.find(({ fileName }) => fileName === next))
  }
  visit(chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/web/${source}`)))
  if (found.size === 0) throw new Error(`no chunk of ${source} in the build`)
  return found
}

const preload = (name: string): string =>
  name.endsWith('.css')
    ? `<link rel="stylesheet" crossorigin href="/${name}">`
    : `<link rel="modulepreload" crossorigin href="/${name}">`

const mark =
  '<svg width="28" height="28" viewBox="0 0 32 32" fill="none" aria-hidden="true"><circle cx="16" cy="16" r="14" stroke="currentColor" stroke-width="2.5"/><circle cx="16" cy="16" r="8.5" stroke="currentColor" stroke-width="2.5" stroke-opacity=".55"/><circle cx="16" cy="16" r="3.5" fill="currentColor"/></svg>'

const bones = `<div class="card stack-s">${[62, 92, 78, 45].map((width) => `<span class="bone" style="width:${width}%"></span>`).join('')}</div>`

/** What the scripts draw first, in the same places, so that nothing jumps when they have come. */
const frame = (title: string, lead: string): string => `<div id="root"><div class="first-view">
<header class="open-head"><a class="home" href="/">${mark}<span>${words['brand.name']}</span></a></header>
<aside class="elder-offer" aria-hidden="true"><span class="grow">${words['elderOffer.ask']}</span><span class="button button-primary">${words['elderOffer.yes']}</span><span class="button button-plain">${words['elderOffer.no']}</span></aside>
<main class="open-main"><section class="stack-s"><h1>${title}</h1><p class="soft">${spaced(lead)}</p></section><div class="stack" aria-hidden="true">${bones}${bones}</div></main>
</div></div>`

/** The phone's two doors: signing in, and what lies behind it. Each page names the script that it will need. */
const doors = [
  { name: 'index', source: 'h5/sign-in.tsx' },
  { name: 'inside', source: 'h5/daily.ts' },
] as const

function writeDoors(root: string, bundle: Rolldown.OutputBundle): void {
  const page = readFileSync(`${root}/h5/index.html`, 'utf8')
  for (const { name, source } of doors) {
    const missing = [...filesOf(source, bundle)].filter((file) => !page.includes(file)).map(preload)
    writeFileSync(`${root}/h5/${name}.html`, page.replace('</head>', `${missing.join('\n')}\n</head>`))
  }
}

/** Writes a page of its own for each of these addresses, made of the face's page. */
export const firstViews = (root: string): Plugin => ({
  name: 'tongxin-first-views',
  apply: 'build',
  writeBundle(_options, bundle) {
    const page = readFileSync(`${root}/open/index.html`, 'utf8')
    for (const { name, source, title, lead, asks } of views) {
      const missing = [...filesOf(source, bundle)].filter((file) => !page.includes(file)).map(preload)
      const made = page
        .replace(/data-ask="[^"]*"/, `data-ask="${asks}"`)
        .replace('</head>', `${missing.join('\n')}\n</head>`)
        .replace('<div id="root"></div>', frame(title, lead))
        .replace(/<title>[^<]*/, `<title>${title} · ${words['brand.name']}`)
      writeFileSync(`${root}/open/${name}.html`, made)
    }
    writeDoors(root, bundle)
  },
})
