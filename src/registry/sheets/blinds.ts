import type { Command } from '../../kernel/command.ts'

/** Blind indexes of one batch: asked by look-up and by the row that is written, worked out once. */
export class Blinds {
  readonly #cmd: Pick<Command, 'vault' | 'county'>
  readonly #known = { citizenId: new Map<string, Buffer>(), phone: new Map<string, Buffer>() }

  constructor(cmd: Pick<Command, 'vault' | 'county'>) {
    this.#cmd = cmd
  }

  of(kind: 'citizenId' | 'phone', text: string): Buffer {
    const known = this.#known[kind].get(text)
    if (known) return known
    const made = this.#cmd.vault.blind(this.#cmd.county, kind, text)
    this.#known[kind].set(text, made)
    return made
  }
}
