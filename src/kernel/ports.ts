import type { Readable } from 'node:stream'
import type { Calendar } from './calendar.ts'
import type { Actor, Command } from './command.ts'
import type { Grant } from './grants.ts'
import type { Position } from './positions.ts'
import type { Locale } from './faults.ts'

export interface SmsMessage {
  /** Our id; where the provider takes one, it makes a repeat recognisable. */
  id: string
  /** Normalised mainland number, 11 digits. */
  phone: string
  template: string
  params: Record<string, string>
  /** The text as the reader sees it, for channels without provider templates. */
  text: string
}
export type SmsOutcome =
  | { outcome: 'accepted'; providerId: string }
  | { outcome: 'refused'; code: string; retriable: boolean }
export type SmsReceipt = 'delivered' | 'failed' | 'pending' | 'unknown'

/** Sends text messages. A thrown error means: outcome unknown, ask for the receipt before any repeat. */
export interface SmsSender {
  readonly name: string
  send(message: SmsMessage): Promise<SmsOutcome>
  /** What became of a message sent at `at`; `unknown` when the provider never heard of it. */
  receipt(message: { id: string; providerId: string | null; phone: string; at: Date }): Promise<SmsReceipt>
}

export interface QueuedSms {
  /** 'room.word', a template of notify. */
  template: string
  /** Normalised number, 11 digits. */
  phone: string
  params: Record<string, string>
  accountId?: string | null
  /** For throttles. */
  device?: string | null
  address?: string | null
  /** Codes go at any hour; the rest waits for office hours. Default true. */
  urgent?: boolean
}

/**
 * Puts a text message into the outbox within the command's own transaction; `notify` implements it.
 *
 * @throws kernel.too_many_requests with retryAfterSeconds when number, device or address is throttled.
 */
export interface SmsQueue {
  queue(cmd: Command, message: QueuedSms): Promise<{ id: string }>
}

/** Tells which grants an account holds now; `grid` implements it from posts. */
export interface GrantSource {
  grantsOf(county: string, accountId: string, at: Date): Promise<readonly Grant[]>
}

/** Tells whether somebody holds a post, now or from a day to come; `grid` implements it, for whoever gives out seats. */
export interface DutySource {
  holdsPost(cmd: Pick<Command, 'tx' | 'county' | 'now'>, accountId: string): Promise<boolean>
  /** The posts of several accounts now, as people say them. */
  postsOf(cmd: Command, accountIds: readonly string[]): Promise<Map<string, string[]>>
}

/** Gives the county's working calendar; `grid` implements it from holidays and overrides. */
export interface CalendarSource {
  calendarOf(county: string): Promise<Calendar>
}

export interface Session {
  id: string
  county: string
  actor: Actor
  /** Added to those of the posts: administrators' seats. A token's grants are these alone. */
  extraGrants: readonly Grant[]
  locale: Locale | null
  expiresAt: Date
  /** When the second factor was last given in this session. */
  secondFactorAt: Date | null
}

/** Resolves an opaque token (`county.random`); `identity` implements it with a cache of seconds. */
export interface SessionSource {
  /** @param quietly A look that nobody's hand made, such as a stream's: it does not keep the session from idling out. */
  resolve(token: string, now: Date, quietly?: boolean): Promise<Session | null>
}

/** Keeps bytes by name. Adapters: local disk, S3. */
export interface ObjectStore {
  readonly name: string
  put(key: string, body: Readable): Promise<{ sizeBytes: number }>
  /** @param range Inclusive byte positions. */
  get(key: string, range?: { from: number; to: number }): Promise<Readable>
  head(key: string): Promise<{ sizeBytes: number } | undefined>
  delete(key: string): Promise<void>
}

/** How what lies in a split area is shared out among it and the areas split off. */
export interface Sharing {
  /** The part in which a position lies; null where nobody drew anything or it lies in none. */
  at(position: Position): string | null
  /** What was decided for single things, by their id. */
  readonly chosen: ReadonlyMap<string, string>
}

export interface AreaChange {
  kind: 'split' | 'merge' | 'move' | 'close'
  from: string[]
  /** Of a split: the areas split off; what goes to none of them stays in `from`. */
  to: string[]
  sharing?: Sharing
  /** Only what was begun until then: whatever is begun later knows the areas as they are now. */
  begunUntil?: Date
}

/** What of one kind lies in a changed area and where it will lie; of a split, one line for each part that gets some. */
export interface RehomeLine {
  label: string
  count: number
  to?: string
  /** Of these how many have neither a position nor a decision: they stay unless somebody says otherwise. */
  undecided?: number
}

/** A single thing for which somebody has to say where it goes. */
export interface Undecided {
  id: string
  label: string
  /** Tells it from the others: a number, an address. */
  detail: string
}

/** A room's part in re-homing what lies in a changed area. */
export interface Rehome {
  readonly name: string
  preview(cmd: Command, change: AreaChange): Promise<RehomeLine[]>
  /** Of a split: the things without a position and without a decision, at most `limit` of them. */
  undecided?(cmd: Command, change: AreaChange, limit: number): Promise<Undecided[]>
  /** May be called again for the same change, and then moves only what came meanwhile. @returns how many things moved. */
  apply(cmd: Command, change: AreaChange): Promise<number>
}

/** What lies in the hands of posts; each room with such work registers, for whoever takes the posts over. */
export interface PostWork {
  readonly name: string
  openWork(
    cmd: Command,
    posts: readonly { role: string; unit: string; areaPath: string }[],
  ): Promise<{ label: string; count: number }[]>
}

export interface Effect {
  name: string
  args: Record<string, unknown>
  /** The ledger entry whose step named it: from it a handler makes ids, so that a repeat adds nothing. */
  entryId: string
  subjectId: string
  subjectVersion: number
}

/** Carries out an effect that a pack's step names. */
export interface EffectHandler {
  readonly name: string
  run(cmd: Command, effect: Effect): Promise<void>
}

/** Says whether this actor may see the files of a subject; each room registers its own kind. */
export interface FileGate {
  readonly subjectKind: string
  /** True where its files may be attached once more by whoever handed them in: what a diary entry shows goes on into a case. */
  readonly handsOn?: boolean
  maySee(cmd: Command, subjectId: string, role: string): Promise<boolean>
}

/** A question that people put together themselves, without a pack. */
export interface Question {
  readonly code: string
  readonly label: string
  readonly widget: 'radio' | 'select' | 'checks' | 'text' | 'textarea' | 'number' | 'date' | 'switch'
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly required: boolean
}

/** Draws and checks such questions as the forms of packs are drawn and checked; `packs` implements it. */
export interface QuestionForms {
  draw(questions: readonly Question[]): { schema: unknown; layout: object[] }
  /** @throws kernel.invalid_input with one message a field, like `validateForm`. */
  check(questions: readonly Question[], answers: Readonly<Record<string, unknown>>): Record<string, unknown>
  describe(
    questions: readonly Question[],
    answers: Readonly<Record<string, unknown>>,
    locale: Locale,
  ): { label: string; value: string }[]
}

/** Where a matter stands, as it is named beside what it came from. */
export interface CaseState {
  id: string
  number: string
  stateName: string
  tone: string
}

/** Makes a matter of what somebody found, within the command's own transaction; `loop` implements it. */
export interface CaseDesk {
  open(
    cmd: Command,
    found: { category: string; text: string; areaPath: string; address: string; fileIds: string[] },
  ): Promise<{ id: string; number: string }>
  states(cmd: Command, ids: readonly string[]): Promise<Map<string, CaseState>>
}

/** Time-stamps a digest (RFC 3161). No default stands in for it: without one, heads carry no stamp. */
export interface TimeStamper {
  stamp(sha256: Buffer): Promise<{ token: Buffer; at: Date }>
}

/** What `server.ts` fills in when it composes the rooms. */
export interface Ports {
  /** The provider; only notify's worker calls it. */
  sms: SmsSender
  smsQueue: SmsQueue
  grants: GrantSource
  duty: DutySource
  calendars: CalendarSource
  sessions: SessionSource
  storage: ObjectStore
  timeStamper: TimeStamper | null
  rehome: Rehome[]
  postWork: PostWork[]
  /** What pages may reach beside this house, for their content security policy. */
  pageSources(): string
  questions: QuestionForms
  cases: CaseDesk
  effects: EffectHandler[]
  fileGates: FileGate[]
}
