import type { App } from '../kernel/app.ts'
import { FixedClock } from '../kernel/clock.ts'
import { runSystem, type Actor, type Command } from '../kernel/command.ts'
import { uuidv5 } from '../kernel/ids.ts'
import { repeatFile } from '../files/index.ts'
import { holdersOf } from '../grid/index.ts'
import {
  isReported,
  makeMove,
  moveAsReporter,
  rateMatter,
  reportMatter,
  sweepMatter,
  unmaskReporter,
} from '../loop/index.ts'
import { pictureId, type When } from './pictures.ts'
import { momentAfter, type PostRef, type Story, type StoryStep, type Who } from './plan.ts'
import type { Scene } from './words.ts'

const STORIES = '0c1d6a52-53c3-5a64-8f0e-9b1f0f6f7c55'

/** The same for the same story; it begins with the report's instant, as the ids of all matters do. */
export function storyId(county: string, { key, at }: Pick<Story, 'key' | 'at'>): string {
  const digest = uuidv5(STORIES, `${county} ${key}`).replaceAll('-', '')
  const time = Math.floor(at).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digest.slice(0, 3)}-8${digest.slice(3, 6)}-${digest.slice(6, 18)}`
}

/** Who tells: the house with memories of its own, the county, its invented residents, and until when. */
export interface Telling {
  past: App
  county: string
  residents: readonly string[]
  /** Nothing is told of what comes after; what is due by then has been told of. */
  until: Date
}

/**
 * Tells one matter by the product's own commands, each at its own time in the past, as whoever held it then.
 *
 * It commits as a whole: a process that dies leaves the story told or untold, and no sweep meets it half told.
 * @returns false when it is there already.
 */
export function tellStory(telling: Telling, story: Story): Promise<boolean> {
  const { past, county } = telling
  const then: App = { ...past, clock: new FixedClock(new Date(story.at)) }
  return runSystem(then, county, async (cmd) => {
    const id = storyId(county, story)
    if (await isReported(cmd, id)) return false
    await new Teller(cmd, telling, story, id).tell()
    return true
  })
}

class Teller {
  readonly #cmd: Command
  readonly #telling: Telling
  readonly #story: Story
  readonly #id: string
  #at: number
  #photos = 0

  constructor(cmd: Command, telling: Telling, story: Story, id: string) {
    this.#cmd = cmd
    this.#telling = telling
    this.#story = story
    this.#id = id
    this.#at = story.at
  }

  async tell(): Promise<void> {
    await this.#report()
    for (const step of this.#story.steps) {
      const at = momentAfter(this.#cmd.calendar, this.#at, step, this.#story.urgent)
      if (at > this.#telling.until.getTime()) break
      const since = new Date(this.#at)
      this.#at = at
      await this.#make(step, since)
    }
    const since = new Date(this.#at)
    this.#at = this.#telling.until.getTime()
    await sweepMatter(await this.#as({ kind: 'system', id: null, sessionId: null, label: 'system' }), this.#id, since)
  }

  async #as(actor: Actor): Promise<Command> {
    const now = new Date(this.#at)
    const { past, county } = this.#telling
    const grants = actor.kind === 'staff' && actor.id ? await past.ports.grants.grantsOf(county, actor.id, now) : []
    return { ...this.#cmd, actor, grants, now }
  }

  async #post({ role, areaPath, unit }: PostRef): Promise<Command> {
    const now = new Date(this.#at)
    const [id] = await holdersOf({ ...this.#cmd, now }, role, areaPath, now, unit)
    if (!id) throw new Error(`nobody holds ${role} ${unit ?? ''} at ${areaPath}`)
    return this.#as({ kind: 'staff', id, sessionId: null, label: '工作人员' })
  }

  #resident(number: number): Promise<Command> {
    const { residents } = this.#telling
    const id = residents[number % residents.length] ?? null
    return this.#as({ kind: 'resident', id, sessionId: null, label: '居民' })
  }

  async #photo(cmd: Command, scene: Scene | undefined, when: When): Promise<{ fileIds?: string[] }> {
    if (!scene) return {}
    const id = uuidv5(this.#id, `photo ${this.#photos++}`)
    await repeatFile(cmd, { id, of: pictureId(cmd.county, scene, when), role: when })
    return { fileIds: [id] }
  }

  async #report(): Promise<void> {
    const { kind, category, text, form, address, areaPath, position, reporter, photo } = this.#story
    const isResident = 'resident' in reporter
    const cmd = await (isResident ? this.#resident(reporter.resident) : this.#post(reporter.post))
    await reportMatter(cmd, {
      id: this.#id,
      kind,
      category,
      text,
      address,
      areaPath,
      ...(form && { form }),
      ...(position && {
        position: { longitude: position[0], latitude: position[1], accuracyMetres: 12, source: 'gps' as const },
      }),
      ...(!isResident && reporter.contact && { contact: reporter.contact }),
      ...(await this.#photo(cmd, photo, 'before')),
    })
  }

  async #make(step: StoryStep, since: Date): Promise<void> {
    const { version, holder } = await sweepMatter({ ...this.#cmd, now: new Date(this.#at) }, this.#id, since)
    const form = step.form ?? {}
    if (step.by === 'reporter') return this.#asReporter(step.move, version, form)
    const cmd = await this.#actor(step.by ?? 'holder', holder)
    if (step.move === 'look') {
      await unmaskReporter(cmd, this.#id, { reason: String(form['reason']) })
      return
    }
    const { target } = step
    await makeMove(cmd, this.#id, {
      move: step.move,
      version,
      form,
      ...(target && { target }),
      ...(await this.#photo(cmd, step.photo, 'after')),
    })
  }

  #actor(who: Who, holder: { role: string; unit: string; path: string }): Promise<Command> {
    if (who !== 'holder' && who !== 'reporter') return this.#post(who)
    return this.#post({ role: holder.role, areaPath: holder.path, ...(holder.unit && { unit: holder.unit }) })
  }

  async #asReporter(move: string, version: number, form: Record<string, unknown>): Promise<void> {
    const { reporter } = this.#story
    if (!('resident' in reporter)) throw new Error(`${this.#story.key}: nobody to ${move}`)
    const cmd = await this.#resident(reporter.resident)
    const key = { own: this.#id }
    if (move !== 'rate') await moveAsReporter(cmd, key, { move, version, form })
    else await rateMatter(cmd, key, form as Parameters<typeof rateMatter>[2])
  }
}
