import { expect } from 'vitest'
import type { ImportView } from '../../src/registry/sheets/contract.ts'
import { workOffImports } from '../../src/registry/sheets/index.ts'
import { county, type TestApp } from './app.ts'
import { holderId, paths } from './ground.ts'

/** Hands sheets in as the village's secretary and walks them through, the worker included. */
export class HandIn {
  readonly #app: TestApp
  constructor(app: TestApp) {
    this.#app = app
  }

  secretary() {
    return this.#app.as({ id: holderId('villageSecretary', paths.village), label: 'villageSecretary' })
  }

  async look(id: string): Promise<ImportView> {
    return (await this.secretary().get<ImportView>(`/api/v1/registry/imports/${id}`)).body
  }

  work(options: Parameters<typeof workOffImports>[2] = {}): Promise<number> {
    return workOffImports(this.#app.app, county, options)
  }

  async handIn(bytes: Buffer, name = '花名册.xlsx', kind = 'people'): Promise<ImportView> {
    const query = new URLSearchParams({ kind, name, area: paths.village })
    const answer = await this.#app.http.inject({
      method: 'POST',
      url: `/api/v1/registry/imports?${query}`,
      headers: { authorization: `Bearer ${this.secretary().token}`, 'content-type': 'application/octet-stream' },
      payload: bytes,
    })
    expect(answer.statusCode, answer.body).toBe(201)
    await this.work()
    return this.look(answer.json<ImportView>().id)
  }

  /** Confirms the columns as they were recognised and tries it dry. @returns undefined where the house refuses them. */
  async map(view: ImportView, more: object = {}): Promise<ImportView | undefined> {
    const sheet = view.sheets.find(({ recognised }) => recognised) ?? view.sheets[0]
    if (!sheet) return undefined
    const { name, headingRow, headingRows, columns } = sheet
    const body = { sheet: name, headingRow, headingRows, columns, ...more }
    const answer = await this.secretary().ask<ImportView>('PUT', `/api/v1/registry/imports/${view.id}/mapping`, body)
    if (answer.status !== 200) {
      expect(answer.status, answer.text).toBe(400)
      return undefined
    }
    await this.work()
    return this.look(view.id)
  }

  async act(id: string, what: string): Promise<ImportView> {
    const answer = await this.secretary().post<ImportView>(`/api/v1/registry/imports/${id}/acts`, { act: what })
    expect(answer.status, answer.text).toBe(200)
    return answer.body
  }

  async run(id: string): Promise<ImportView> {
    await this.act(id, 'run')
    await this.work()
    return this.look(id)
  }

  /** All the way; what became of it at the last step that it reached. */
  async through(bytes: Buffer, name: string): Promise<ImportView> {
    const handed = await this.handIn(bytes, name)
    expect(['mapping', 'failed'], handed.state).toContain(handed.state)
    if (handed.state === 'failed') return handed
    const checked = await this.map(handed, { estate: '银杏苑' })
    if (!checked) return handed
    expect(['checked', 'failed'], checked.state).toContain(checked.state)
    if (checked.state === 'failed') return checked
    const done = await this.run(handed.id)
    expect(done.state, done.trouble ?? '').toBe('done')
    return done
  }
}
