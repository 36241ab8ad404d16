import { launchBrowser, onPhone, atDesk } from './test/support/browser.ts'
import { cookiesOf } from './test/support/running-house.ts'
const url = 'http://127.0.0.1:8461'
const b = await launchBrowser()
for (const [who, face] of [['worker.1', 'h5'], ['secretary', 'console'], ['enforcement', 'console'], ['verifier', 'console'], ['discipline', 'console'], ['county.leader', 'console'], ['security', 'console'], ['audit', 'console']] as const) {
  const c = await (face === 'h5' ? onPhone : atDesk)(b, url)
  await c.addInitScript(() => localStorage.setItem('tongxin.elder', ''))
  await c.addCookies(await cookiesOf(url, who)); const p = await c.newPage()
  await p.goto(`/${face}`); await p.locator('h1').first().waitFor({ state: 'attached' }); await p.waitForTimeout(3500)
  await p.screenshot({ path: `/tmp/walk-${who}.png` }); console.log(who, p.url())
  await c.close()
}
await b.close()
