/** What a letter is made of once its variables are filled in: data, never markup. */
export type Block =
  | { kind: 'heading' | 'paragraph'; text: string }
  | { kind: 'clauses'; items: string[]; sub: boolean }
  | { kind: 'table'; columns: string[]; rows: string[][] }
  | { kind: 'space' }

/** A stroke of a finger: points from 0 to 1 across and down the field. */
export type Stroke = [number, number][]

export interface Party {
  role: string
  name: string
  /** Said below the name: number, phone tail, when and by which check. */
  lines: string[]
  strokes: Stroke[] | null
  typed: string
  /** Words of the organisation's seal, where it is one. */
  seal: string | null
}

export interface Letter {
  title: string
  number: string
  issuer: string
  /** Year, month, day. */
  date: [number, number, number]
  dated: string
  footer: string
  blocks: Block[]
  parties: Party[]
  /** JSON that goes into the PDF as an attachment; empty for none. */
  evidence: string
}
