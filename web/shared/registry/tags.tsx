import type { PersonTag } from '../../../src/registry/tags/contract.ts'

/** What a person is marked with; words, not colours. */
export function TagLine({ tags }: { tags: readonly PersonTag[] }) {
  if (tags.length === 0) return null
  return (
    <span className="registry-tags">
      {tags.map(({ tag, name }) => (
        <span key={tag} className="word-tag">
          {name}
        </span>
      ))}
    </span>
  )
}
