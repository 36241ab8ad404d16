// Wakes for messages and shows them; it keeps nothing and answers no requests.
self.addEventListener('push', (event) => {
  const message = event.data?.json() ?? {}
  event.waitUntil(
    self.registration.showNotification(message.title ?? '', {
      body: message.body ?? '',
      icon: '/mark.svg',
      tag: message.id,
      data: { kind: message.subjectKind, id: message.subjectId },
    }),
  )
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { kind, id } = event.notification.data ?? {}
  const address = kind === 'matter' && id ? `/console/matters/${id}` : '/console/inbox'
  event.waitUntil(self.clients.openWindow(address))
})
