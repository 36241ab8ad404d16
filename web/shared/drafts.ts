/** A small drawer in the browser (IndexedDB) in which an unfinished report and its photos survive a lost connection. */
const open = (): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open('tongxin-drafts', 1)
    request.onupgradeneeded = () => request.result.createObjectStore('draft')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

async function inDrawer<Answer>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Answer>,
): Promise<Answer> {
  const db = await open()
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const transaction = db.transaction('draft', mode)
      const request = work(transaction.objectStore('draft'))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error)
      transaction.onerror = () => reject(transaction.error)
    })
  } finally {
    db.close()
  }
}

/** A browser without a drawer (private mode) keeps no draft; reporting still works there. */
export async function findDraft<Draft>(name: string): Promise<Draft | undefined> {
  return inDrawer('readonly', (store) => store.get(name) as IDBRequest<Draft | undefined>).catch(() => undefined)
}

/** False where the drawer is full or missing, so that the page can say that nothing is kept. */
export function keepDraft(name: string, draft: unknown): Promise<boolean> {
  return inDrawer('readwrite', (store) => store.put(draft, name)).then(
    () => true,
    () => false,
  )
}

export async function dropDraft(name: string): Promise<void> {
  await inDrawer('readwrite', (store) => store.delete(name)).catch(() => undefined)
}
