import { Type, type Static } from 'typebox'

/**
 * The pack format: one schema a part, which is type and check at once. What a town writes, and nothing else.
 */
const word = (description?: string) =>
  Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$', ...(description && { description }) })
const strict = { additionalProperties: false }
const Bilingual = Type.Object(
  { zh: Type.String({ minLength: 1, maxLength: 200 }), en: Type.String({ minLength: 1, maxLength: 300 }) },
  strict,
)
export type Bilingual = Static<typeof Bilingual>

const TimeUnit = Type.Union([
  Type.Literal('workHour'),
  Type.Literal('workday'),
  Type.Literal('urgentHour'),
  Type.Literal('calendarDay'),
])
const TimeAmount = Type.Object({ amount: Type.Number({ exclusiveMinimum: 0, maximum: 1_000 }), unit: TimeUnit }, strict)
export type TimeAmount = Static<typeof TimeAmount>

/** How long the new state may last: usually, and when the category is urgent. A category may state its own (`limits`). */
export const Due = Type.Object({ ...TimeAmount.properties, urgent: Type.Optional(TimeAmount) }, strict)
export type Due = Static<typeof Due>

const Level = Type.Union([
  Type.Literal('microGrid'),
  Type.Literal('grid'),
  Type.Literal('village'),
  Type.Literal('town'),
  Type.Literal('county'),
])

/** In whose hands the matter is after the step. */
export const Assign = Type.Union([
  Type.Object(
    {
      to: Type.Literal('post', { description: 'The post of this role that answers for the matter’s place.' }),
      role: word(),
      level: Type.Optional(Level),
      units: Type.Optional(
        Type.Array(Type.String(), {
          minItems: 1,
          maxItems: 5,
          description: 'Only posts of these departments (codes of the list `units`), first choice first.',
        }),
      ),
      orElse: Type.Optional(
        Type.Array(word(), { maxItems: 5, description: 'Roles tried in order where nobody holds the first.' }),
      ),
    },
    strict,
  ),
  Type.Object(
    {
      to: Type.Literal('chosen', { description: 'Who makes the move chooses among the posts of these roles.' }),
      roles: Type.Array(word(), { minItems: 1, maxItems: 10 }),
      level: Type.Optional(Level),
    },
    strict,
  ),
  Type.Object(
    { to: Type.Literal('sender', { description: 'Back to the hands it was in before the present ones.' }) },
    strict,
  ),
  Type.Object({ to: Type.Literal('keep') }, strict),
  Type.Object({ to: Type.Literal('nobody', { description: 'An end: nobody has anything to do.' }) }, strict),
])
export type Assign = Static<typeof Assign>

export const Tone = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('running'),
  Type.Literal('parked'),
  Type.Literal('done'),
  Type.Literal('void'),
])
export type Tone = Static<typeof Tone>

/** Who hears of it when it is late; each level once. Time is counted from the deadline. */
export const Escalation = Type.Object(
  {
    after: Type.Object({ ...TimeAmount.properties, amount: Type.Number({ minimum: 0, maximum: 1_000 }) }, strict),
    role: word(),
    level: Type.Optional(Level),
  },
  strict,
)
export type Escalation = Static<typeof Escalation>

export const State = Type.Object(
  {
    name: word(),
    tone: Tone,
    end: Type.Optional(Type.Boolean({ description: 'The matter is over; only a reopening leads on.' })),
    remindBefore: Type.Optional(TimeAmount),
    escalation: Type.Optional(Type.Array(Escalation, { maxItems: 5 })),
  },
  strict,
)
export type State = Static<typeof State>

export const Effect = Type.Object(
  { name: Type.String({ pattern: '^[a-z]+\\.[a-z_]+$' }), args: Type.Record(Type.String(), Type.Unknown()) },
  strict,
)
export type Effect = Static<typeof Effect>

/**
 * One legal step. A machine is a list of these, never an object keyed by state: a key look-up would accept `constructor`.
 */
export const Step = Type.Object(
  {
    move: word('What is done, a verb.'),
    from: Type.Union([word(), Type.Null()], { description: 'Null: the first step, the report itself.' }),
    to: word(),
    by: Type.Union([Type.Literal('holder'), Type.Literal('anyone'), Type.Literal('reporter'), Type.Literal('system')], {
      description:
        'holder: who has it in hands; anyone: whoever has the grant at the place; reporter: who reported it.',
    }),
    grant: Type.Union([Type.String({ pattern: '^[a-z]+\\.[a-z]+$' }), Type.Null()], {
      description: 'Null for the reporter and the system.',
    }),
    assign: Assign,
    clock: Type.Union(
      [
        Type.Literal('start'),
        Type.Literal('keep'),
        Type.Literal('pause'),
        Type.Literal('resume'),
        Type.Literal('extend'),
        Type.Literal('stop'),
      ],
      {
        description:
          'start needs due; pause and extend take the reason from the form; extend takes days, counted as workdays.',
      },
    ),
    due: Type.Optional(Due),
    clockFrom: Type.Optional(
      word('The clock starts at the instant that this field says (of this or an earlier form), where it lies ahead.'),
    ),
    opens: Type.Optional(
      Type.Object(
        { at: word('A date or datetime field filled in earlier.'), after: Type.Optional(TimeAmount) },
        {
          ...strict,
          description: 'Not possible before that time. A step by the system is made then, if its guard holds.',
        },
      ),
    ),
    form: Type.Optional(word()),
    photo: Type.Optional(
      Type.Union([Type.Literal('needed'), Type.Literal('wanted'), Type.Literal('byCategory')], {
        description: 'needed only where a photo is evidence; byCategory: where the category says so.',
      }),
    ),
    guard: Type.Optional(Type.String({ maxLength: 1_000, description: 'CEL condition; see guardVariables.' })),
    handles: Type.Optional(Type.Boolean({ description: 'Whoever makes this step has handled the matter.' })),
    returns: Type.Optional(
      Type.Boolean({ description: 'The matter comes back as not yet right; a guard may count it.' }),
    ),
    differentPersonFrom: Type.Optional(Type.Literal('handler')),
    tellReporter: Type.Optional(Type.Boolean()),
    emphasis: Type.Optional(Type.Union([Type.Literal('primary'), Type.Literal('normal'), Type.Literal('danger')])),
    effects: Type.Optional(Type.Array(Effect, { maxItems: 10 })),
  },
  strict,
)
export type Step = Static<typeof Step>

/** How people come in: where the kind stands among the others, its sign, and who besides or less than everybody may begin one. */
export const Entry = Type.Object(
  {
    order: Type.Integer({
      minimum: 0,
      maximum: 1_000,
      description: 'Smallest first; what most people need comes first.',
    }),
    icon: word('A sign of the pages; one that they do not know is drawn as the usual one.'),
    accountNeeded: Type.Optional(Type.Boolean({ description: 'Not on the open page: only people who are signed in.' })),
    roles: Type.Optional(
      Type.Array(word(), {
        minItems: 1,
        maxItems: 20,
        description: 'Of staff only those who hold one of these posts.',
      }),
    ),
  },
  strict,
)
export type Entry = Static<typeof Entry>

/** Matters to which a fresh report belongs because it was reported near them, while they run. */
const Link = Type.Object(
  {
    kind: word('A kind of this pack.'),
    states: Type.Array(word(), { minItems: 1, maxItems: 60 }),
    withinMetres: Type.Integer({ minimum: 1, maximum: 5_000 }),
    from: Type.Optional(word('Their datetime field: not what was reported before it.')),
    until: Type.Optional(word('Their datetime field: not what was reported after it.')),
  },
  strict,
)
export type Link = Static<typeof Link>

export const Kind = Type.Object(
  {
    name: word(),
    public: Type.Boolean({ description: 'Residents and guests may report it.' }),
    entry: Type.Optional(Entry),
    reportForm: Type.Optional(word()),
    links: Type.Optional(
      Type.Array(Link, { maxItems: 5, description: 'To which matters under way a fresh report is tied by itself.' }),
    ),
    categories: word('The list of categories.'),
    states: Type.Array(State, { minItems: 2, maxItems: 60 }),
    steps: Type.Array(Step, { minItems: 2, maxItems: 300 }),
  },
  strict,
)
export type Kind = Static<typeof Kind>

/** A line of a list: category, reason, duty, checklist item. More fields than these are kept as they are. */
export const ListItem = Type.Object({
  code: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$' }),
  name: Bilingual,
  group: Type.Optional(Type.String()),
  urgent: Type.Optional(Type.Boolean()),
  duty: Type.Optional(Type.String({ description: 'Code in the list `duties`: on what basis it is ours.' })),
  limits: Type.Optional(Type.Record(Type.String(), Due, { description: 'By state: its own time limit.' })),
  photo: Type.Optional(Type.Boolean({ description: 'A photo is evidence for this category.' })),
  complaint: Type.Optional(
    Type.Boolean({
      description: 'About staff or the platform itself: offered on the page for complaints and nowhere else.',
    }),
  ),
  first: Type.Optional(
    Type.Object(
      { role: word(), level: Level, orElse: Type.Optional(Type.Array(word(), { maxItems: 5 })) },
      {
        ...strict,
        description:
          'Who gets it first where not the step’s own post. The matter then lies at that level, unseen below: for complaints about staff.',
      },
    ),
  ),
  units: Type.Optional(
    Type.Array(Type.String(), { description: 'Departments that usually handle it, first choice first.' }),
  ),
})
export type ListItem = Static<typeof ListItem>

export const List = Type.Object(
  {
    name: word(),
    title: Bilingual,
    configurable: Type.Boolean({ description: 'A county may change it in its own copy.' }),
    source: Type.Optional(Type.String()),
    groups: Type.Optional(Type.Array(Type.Object({ code: Type.String(), name: Bilingual }, strict))),
    items: Type.Array(ListItem, { minItems: 1, maxItems: 1_000 }),
  },
  strict,
)
export type List = Static<typeof List>

export const PackDefinition = Type.Object(
  {
    name: word(),
    title: Bilingual,
    kinds: Type.Array(Kind, { minItems: 1, maxItems: 20 }),
    lists: Type.Array(List, { maxItems: 50 }),
    letters: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
    points: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
    indicators: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
  },
  strict,
)
export type PackDefinition = Static<typeof PackDefinition>

/**
 * A field of a form: a small part of JSON Schema. No `pattern` and no `$ref`: a county writes forms, and a pattern
 * runs on the server.
 */
export const FormField = Type.Union([
  Type.Object(
    {
      type: Type.Literal('string'),
      minLength: Type.Optional(Type.Integer({ minimum: 0, maximum: 5_000 })),
      maxLength: Type.Integer({ minimum: 1, maximum: 5_000 }),
      format: Type.Optional(
        Type.Union([
          Type.Literal('date'),
          Type.Literal('datetime', { description: 'Day and minute in China; kept as 2026-11-21T22:00+08:00.' }),
          Type.Literal('mobile'),
          Type.Literal('citizenId'),
          Type.Literal('organisationCode'),
          Type.Literal('uuid'),
        ]),
      ),
    },
    strict,
  ),
  Type.Object(
    { type: Type.Literal('string'), enum: Type.Array(Type.String(), { minItems: 1, maxItems: 200 }) },
    strict,
  ),
  Type.Object({ type: Type.Literal('integer'), minimum: Type.Integer(), maximum: Type.Integer() }, strict),
  Type.Object({ type: Type.Literal('number'), minimum: Type.Number(), maximum: Type.Number() }, strict),
  Type.Object({ type: Type.Literal('boolean') }, strict),
  Type.Object(
    {
      type: Type.Literal('array'),
      items: Type.Object(
        {
          type: Type.Literal('string'),
          enum: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 200 })),
          maxLength: Type.Optional(Type.Integer({ maximum: 200 })),
        },
        strict,
      ),
      minItems: Type.Optional(Type.Integer({ minimum: 0 })),
      maxItems: Type.Integer({ minimum: 1, maximum: 100 }),
    },
    strict,
  ),
])
export type FormField = Static<typeof FormField>

export const FormSchema = Type.Object(
  {
    type: Type.Literal('object'),
    additionalProperties: Type.Literal(false),
    required: Type.Array(Type.String()),
    properties: Type.Record(Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' }), FormField),
  },
  strict,
)
export type FormSchema = Static<typeof FormSchema>

export const FormItem = Type.Object(
  {
    field: word(),
    widget: Type.Union([
      Type.Literal('text'),
      Type.Literal('textarea'),
      Type.Literal('select'),
      Type.Literal('radio'),
      Type.Literal('checks'),
      Type.Literal('number'),
      Type.Literal('date'),
      Type.Literal('datetime'),
      Type.Literal('switch'),
    ]),
    list: Type.Optional(word('Options come from this list of the pack.')),
    when: Type.Optional(
      Type.Object(
        { field: word('Another field of the form.'), is: Type.Array(Type.String(), { minItems: 1, maxItems: 50 }) },
        { ...strict, description: 'Asked only when that field has one of these values; `true` for a switch.' },
      ),
    ),
    needed: Type.Optional(Type.Boolean({ description: 'With `when`: must be filled in whenever it is asked.' })),
    matter: Type.Optional(
      Type.Boolean({ description: 'The value is the number of another matter, of which this one is a duplicate.' }),
    ),
    reason: Type.Optional(
      Type.Boolean({
        description: 'The field that says why: shown first in the timeline, and as the reason of a pause.',
      }),
    ),
  },
  strict,
)
export type FormItem = Static<typeof FormItem>

/** What must hold between the fields of a form; its sentence is the text `form.<form>.check.<name>`. */
const FormCheck = Type.Object(
  {
    name: word(),
    field: word('The field beside which it is said.'),
    must: Type.String({ maxLength: 1_000, description: 'CEL condition over form, known and now.' }),
  },
  strict,
)
export type FormCheck = Static<typeof FormCheck>
export const Form = Type.Object(
  {
    schema: FormSchema,
    layout: Type.Array(FormItem, { minItems: 1, maxItems: 100 }),
    checks: Type.Optional(Type.Array(FormCheck, { maxItems: 20 })),
  },
  strict,
)
export type Form = Static<typeof Form>

/** Everything of a pack that runs: what is published, hashed and never changed. */
export const PackContent = Type.Object(
  {
    definition: PackDefinition,
    forms: Type.Record(Type.String(), Form),
    texts: Type.Object(
      { 'zh-CN': Type.Record(Type.String(), Type.String()), en: Type.Record(Type.String(), Type.String()) },
      strict,
    ),
  },
  strict,
)
export type PackContent = Static<typeof PackContent>

/** One story that a pack must be able to tell, replayed by check-pack. */
export const Case = Type.Object(
  {
    title: Type.String(),
    kind: word(),
    category: Type.String(),
    reportedAt: Type.String({ format: 'date-time' }),
    steps: Type.Array(
      Type.Object(
        {
          move: Type.String(),
          by: Type.String({ description: 'A person of the story.' }),
          role: Type.Optional(
            Type.String({ description: 'The role in which the person acts; left out for reporter and system.' }),
          ),
          at: Type.String({ format: 'date-time' }),
          form: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
          photos: Type.Optional(Type.Integer()),
          linked: Type.Optional(Type.Integer({ description: 'How many matters are tied to it by then.' })),
          target: Type.Optional(Type.String()),
          expect: Type.Object(
            {
              refused: Type.Optional(Type.String({ description: 'The fault code; nothing changes.' })),
              state: Type.Optional(Type.String()),
              holder: Type.Optional(Type.String({ description: 'Role that holds it, or nobody.' })),
              dueAt: Type.Optional(Type.Union([Type.String(), Type.Null()])),
              escalatedTo: Type.Optional(
                Type.Array(Type.String(), { description: 'Roles told by then that it is late.' }),
              ),
            },
            strict,
          ),
        },
        strict,
      ),
      { minItems: 1 },
    ),
  },
  strict,
)
export type Case = Static<typeof Case>
