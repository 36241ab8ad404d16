import { useState } from 'react'
import { fileFrom, sendFile } from '../../shared/api.ts'
import { useAct } from '../../shared/loading.ts'
import { saveFile } from '../../shared/save-file.ts'

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/**
 * A sheet that is looked at first and taken in when nothing is wrong, by the four addresses below `path`: `/template`,
 * `/check`, `/marked` (the same sheet with its problems written in), and `path` itself, which takes it in.
 */
export function useSheet<Checked, Taken>(path: string) {
  const [file, setFile] = useState<File | null>(null)
  const [checked, setChecked] = useState<Checked | null>(null)
  const [done, setDone] = useState<Taken | null>(null)
  const template = useAct(() => fileFrom(`${path}/template`))
  const check = useAct((chosen: File) => sendFile<Checked>(`${path}/check`, chosen))
  const mark = useAct((chosen: File) => fileFrom(`${path}/marked`, chosen))
  const take = useAct((chosen: File) => sendFile<Taken>(path, chosen))
  const look = async (chosen: File) => {
    setFile(chosen)
    setChecked(null)
    setDone(null)
    take.forget()
    setChecked((await check.run(chosen)) ?? null)
  }
  const save = async (name: string, getting: Promise<Blob | undefined>) => {
    const blob = await getting
    if (blob) saveFile(`${name}.xlsx`, blob, xlsx)
  }
  return { file, checked, done, setDone, template, check, mark, take, look, save }
}
