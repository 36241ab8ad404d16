import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { Type, type Static } from 'typebox'
import { compileExpression, evaluate, type CelSchema } from '../../kernel/cel.ts'
import { isCitizenId, isMobile, isOrganisationCode } from '../../kernel/codes.ts'
import { Fault } from '../../kernel/faults.ts'
import '../contract.ts'
import type { Block } from './blocks.ts'
import { unprintableIn } from './fonts.ts'

const Name = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' })
const Words = Type.String({ minLength: 1, maxLength: 2000 })
const When = Type.Optional(Type.String({ maxLength: 400, description: 'CEL over the variables; absent: always.' }))

/** Where a value comes from: the registry, asked of the signer, or said by whoever sends the letter. */
export const Variable = Type.Object({
  name: Name,
  label: Type.String({ minLength: 1, maxLength: 40 }),
  kind: Type.Enum(['text', 'number', 'day', 'citizenId', 'mobile', 'organisationCode', 'yesNo']),
  from: Type.Union([Type.Literal('registry'), Type.Literal('signer'), Type.Literal('sender')]),
  optional: Type.Optional(Type.Boolean()),
  maxLength: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
})

export const TemplateBlock = Type.Union([
  Type.Object({ kind: Type.Union([Type.Literal('heading'), Type.Literal('paragraph')]), text: Words, when: When }),
  Type.Object({
    kind: Type.Literal('clauses'),
    items: Type.Array(Words, { minItems: 1, maxItems: 60 }),
    sub: Type.Boolean(),
    when: When,
  }),
  Type.Object({
    kind: Type.Literal('table'),
    columns: Type.Array(Words, { minItems: 1, maxItems: 8 }),
    rows: Type.Array(Type.Array(Type.String({ maxLength: 200 })), { maxItems: 100 }),
    when: When,
  }),
  Type.Object({ kind: Type.Literal('space'), when: When }),
])

export const LetterTemplate = Type.Object({
  code: Name,
  title: Type.String({ minLength: 2, maxLength: 60 }),
  variables: Type.Array(Variable, { maxItems: 60 }),
  blocks: Type.Array(TemplateBlock, { minItems: 1, maxItems: 200 }),
  /** Roles in the order in which they sign. */
  signers: Type.Array(Type.Object({ role: Type.String({ minLength: 1, maxLength: 20 }), name: Name }), {
    minItems: 1,
    maxItems: 6,
  }),
  seal: Type.Union([
    Type.String({ minLength: 1, maxLength: 20, description: 'What the sealing side is called.' }),
    Type.Null(),
  ]),
})
export type LetterTemplate = Static<typeof LetterTemplate>
export type Values = Readonly<Record<string, string | number | boolean>>

const PLACE = /\{\{\s*([a-z][A-Za-z0-9]*)\s*\}\}/g
const celTypes: Record<string, 'string' | 'int' | 'bool'> = { number: 'int', yesNo: 'bool' }

/** Names a version of a template: SHA-256 of its canonical JSON, hex. What somebody signed is found again by it. */
export const templateHash = (template: LetterTemplate): string =>
  createHash('sha256').update(canonicalize(template)!).digest('hex')

const bad = (reasonZh: string, reasonEn: string): Fault => new Fault('signing.bad_template', { reasonZh, reasonEn })

const schemaOf = ({ variables }: LetterTemplate): CelSchema =>
  Object.fromEntries(variables.map(({ name, kind }) => [name, celTypes[kind] ?? 'string'])) as CelSchema

const textsOf = (block: Static<typeof TemplateBlock>): string[] =>
  block.kind === 'space'
    ? []
    : block.kind === 'clauses'
      ? block.items
      : block.kind === 'table'
        ? [...block.columns, ...block.rows.flat()]
        : [block.text]

/** @throws signing.bad_template when it names a variable that it has not, or a condition that cannot be. */
export function requireTemplate(template: LetterTemplate): void {
  const known = new Set(template.variables.map(({ name }) => name))
  if (known.size < template.variables.length) throw bad('变量重名', 'two variables share a name')
  const used = template.blocks.flatMap(textsOf).flatMap((text) => [...text.matchAll(PLACE)].map((found) => found[1]!))
  const missing = [...used, ...template.signers.map(({ name }) => name)].find((name) => !known.has(name))
  if (missing) throw bad(`没有变量 ${missing}`, `there is no variable ${missing}`)
  for (const block of template.blocks) {
    if (!block.when) continue
    compileExpression(block.when, schemaOf(template), 'bool')
  }
  const unprintable = unprintableIn(template.title + template.blocks.flatMap(textsOf).join(''))
  if (unprintable) throw bad(`“${unprintable}”字库里没有`, `the fonts have no “${unprintable}”`)
}

const rules: Record<string, (value: string | number | boolean) => boolean> = {
  text: (value) => typeof value === 'string',
  number: (value) => Number.isSafeInteger(value),
  day: (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)),
  citizenId: (value) => typeof value === 'string' && isCitizenId(value),
  mobile: (value) => typeof value === 'string' && isMobile(value),
  organisationCode: (value) => typeof value === 'string' && isOrganisationCode(value),
  yesNo: (value) => typeof value === 'boolean',
}

/**
 * What stands in the way of printing these values, before anything is sent: one fault for each, by variable.
 *
 * Missing and misshapen values, characters that hide or turn text around, characters that no font has.
 */
export function faultsOfValues(template: LetterTemplate, values: Values): Fault[] {
  return template.variables.flatMap((variable) => {
    const value = values[variable.name]
    const name = variable.label
    if (value === undefined || value === '')
      return variable.optional ? [] : [new Fault('signing.missing_value', { name })]
    if (!rules[variable.kind]!(value)) return [new Fault('signing.bad_value', { name })]
    if (typeof value !== 'string') return []
    if (value.length > (variable.maxLength ?? 200)) return [new Fault('signing.bad_value', { name })]
    if (/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u.test(value)) return [new Fault('signing.hidden_characters', { name })]
    const character = unprintableIn(value)
    const code = character && `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
    return character ? [new Fault('signing.no_glyph', { name, character, code: code! })] : []
  })
}

function printed(value: string | number | boolean | undefined, kind: string): string {
  if (value === undefined || value === '') return '　　　'
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (kind === 'citizenId') return String(value).replace(/^(.{6}).{8}/, '$1********')
  if (kind !== 'day') return String(value)
  const [year, month, day] = String(value).split('-').map(Number)
  return `${year}年${month}月${day}日`
}

/**
 * The blocks of one recipient's letter: variables put in, conditions decided. Citizen IDs are printed with their middle hidden.
 *
 * @throws the first of `faultsOfValues`.
 */
export function fillTemplate(template: LetterTemplate, values: Values): Block[] {
  const [fault] = faultsOfValues(template, values)
  if (fault) throw fault
  const kinds = new Map(template.variables.map(({ name, kind }) => [name, kind]))
  const put = (text: string): string =>
    text.replace(PLACE, (_, name: string) => printed(values[name], kinds.get(name)!))
  const empty = { string: '', int: 0, bool: false } as const
  const schema = schemaOf(template)
  const all = Object.fromEntries(
    template.variables.map(({ name, kind }) => [name, values[name] ?? empty[celTypes[kind] ?? 'string']]),
  )
  return template.blocks
    .filter(({ when }) => !when || evaluate(compileExpression(when, schema), all) === true)
    .map((block): Block => {
      if (block.kind === 'space') return { kind: 'space' }
      if (block.kind === 'clauses') return { kind: 'clauses', items: block.items.map(put), sub: block.sub }
      if (block.kind === 'table')
        return { kind: 'table', columns: block.columns.map(put), rows: block.rows.map((row) => row.map(put)) }
      return { kind: block.kind, text: put(block.text) }
    })
}
