/** An area by its names, from wide to narrow. */
export function AreaLine({ names }: { names: readonly string[] }) {
  return (
    <span className="area-line">
      {names.map((name) => (
        <span key={name}>{name}</span>
      ))}
    </span>
  )
}
