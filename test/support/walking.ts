import type { Locator, Page } from 'playwright-core'

/**
 * Puts the focus there, until it stays: a page that arrives takes it to its heading, and a key pressed then would be
 * lost. People look where they are before they press.
 */
async function settle(found: Locator): Promise<void> {
  const until = performance.now() + 30_000
  do {
    if (performance.now() > until) throw new Error(`${found.toString()} does not keep the focus`)
    await found.focus()
  } while (!(await found.evaluate(keepsFocus)))
}

const keepsFocus = (element: Element): Promise<boolean> =>
  new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => done(element.matches(':focus, :focus-within')))),
  )

/**
 * Walks a page as somebody does who has no mouse: everything is found by the name that people see or hear, reached with
 * the focus and set off with a key.
 */
export class Walker {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  open(address: string): Promise<unknown> {
    return this.page.goto(address)
  }

  /** Follows a link or presses a button. */
  async press(name: string | RegExp, within: Page | Locator = this.page): Promise<void> {
    const found = within.getByRole('button', { name }).or(within.getByRole('link', { name })).first()
    await settle(found)
    await this.page.keyboard.press('Enter')
  }

  async type(label: string | RegExp, text: string): Promise<void> {
    await settle(this.page.getByRole('textbox', { name: label }).first())
    await this.page.keyboard.press('ControlOrMeta+a')
    await this.page.keyboard.insertText(text)
  }

  /** Chooses among radio buttons or ticks a box. */
  async choose(label: string | RegExp): Promise<void> {
    const choice = this.page
      .getByRole('radio', { name: label })
      .or(this.page.getByRole('checkbox', { name: label }))
      .first()
    await settle(choice)
    await this.page.keyboard.press('Space')
  }

  /** Picks from a list the first option that holds `option`. */
  async pick(label: string | RegExp, option: string): Promise<void> {
    const list = this.page.getByLabel(label).last()
    await list.locator('option', { hasText: option }).first().waitFor({ state: 'attached' })
    await list.focus()
    const words = await list.locator('option', { hasText: option }).first().textContent()
    await list.selectOption({ label: words ?? option })
  }

  async attach(label: string | RegExp, photo: { name: string; bytes: Buffer }): Promise<void> {
    await this.page.getByLabel(label).setInputFiles({ name: photo.name, mimeType: 'image/jpeg', buffer: photo.bytes })
  }

  /** Waits until a text is there for everybody to see. */
  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor({ state: 'visible' })
  }
}
