import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { toDataURL, toString as drawQr } from 'qrcode'
import { certificatesOf, localNames, phoneAddress, type Certificates } from './https-certificates.ts'

export interface HttpsOptions {
  readonly dataDir: string
  readonly host: string
  readonly port: number
  /** Port of the page that says how to trust the certificate; the rest of it leads to https. */
  readonly helpPort: number
  readonly now: () => Date
  readonly handle: (req: IncomingMessage, res: ServerResponse) => void
  readonly tell: (line: string) => void
}

const RENEWAL_MS = 12 * 3_600_000

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host)
  await once(server, 'listening')
}

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/**
 * Serves over TLS with a certificate of this installation's own authority, and beside it, without TLS, the page by which a
 * phone comes to trust it. The certificate is looked at twice a day and replaced under the running server.
 *
 * @returns where it is reached, and what stops it.
 */
export async function serveHttps(
  options: HttpsOptions,
): Promise<{ url: string; helpUrl: string; stop(): Promise<void> }> {
  const { dataDir, host, now } = options
  let certificates = await certificatesOf(dataDir, localNames(), now())
  const secure = createTlsServer({ key: certificates.key, cert: certificates.cert }, options.handle)
  await listen(secure, options.port, host)
  const port = portOf(secure)
  const url = `https://${phoneAddress(certificates.names)}:${port}`
  const help = createHttpServer((req, res) => void answerHelp(req, res, { certificates, url, port }))
  await listen(help, options.helpPort, host)
  const helpUrl = `http://${phoneAddress(certificates.names)}:${portOf(help)}`
  const renewing = setInterval(() => {
    certificatesOf(dataDir, localNames(), now()).then(
      (next) => {
        if (next.cert !== certificates.cert) secure.setSecureContext({ key: next.key, cert: next.cert })
        certificates = next
      },
      // A full disk, say: people go on working with the certificate that there is.
      (error: unknown) =>
        options.tell(
          `证书未能更新，仍用原证书，12 小时后再试。 The certificate was not renewed (${String(error)}); it is tried again in 12 hours.`,
        ),
    )
  }, RENEWAL_MS)
  renewing.unref()
  await tellPhones(options.tell, { url, helpUrl, certificates })
  return {
    url,
    helpUrl,
    async stop() {
      clearInterval(renewing)
      for (const server of [help, secure]) {
        const closed = once(server, 'close')
        server.close()
        server.closeIdleConnections()
        await closed
      }
    },
  }
}

async function tellPhones(
  tell: HttpsOptions['tell'],
  { url, helpUrl, certificates }: { url: string; helpUrl: string; certificates: Certificates },
): Promise<void> {
  tell('')
  tell(`加密地址 HTTPS: ${url}`)
  tell(await drawQr(helpUrl, { type: 'terminal', small: true }))
  tell(`手机连同一个网络，扫上面的码（${helpUrl}），按页面上的三步信任证书，然后打开系统。`)
  tell('Phones in the same network scan the code, trust the certificate in three steps, and open the product.')
  tell(`证书指纹 SHA-256: ${certificates.fingerprint}`)
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)

/** The one page without TLS: the authority's certificate and how to trust it. Everything else goes to https. */
async function answerHelp(
  req: IncomingMessage,
  res: ServerResponse,
  { certificates, url, port }: { certificates: Certificates; url: string; port: number },
): Promise<void> {
  const path = (req.url ?? '/').split('?')[0]
  if (path === '/tongxin-ca.crt') {
    res.writeHead(200, {
      'content-type': 'application/x-x509-ca-cert',
      'content-disposition': 'attachment; filename="tongxin-ca.crt"',
    })
    res.end(certificates.caDer)
    return
  }
  if (path === '/' || path === '/trust') {
    const picture = await toDataURL(url, { margin: 1, width: 240 })
    res.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'",
    })
    res.end(helpPage({ picture, url, fingerprint: certificates.fingerprint }))
    return
  }
  // Only to a name of ours: whatever else stands in the Host header leads nowhere.
  const asked = (req.headers.host ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  const name = certificates.names.includes(asked) ? asked : phoneAddress(certificates.names)
  res.writeHead(307, { location: `https://${name.includes(':') ? `[${name}]` : name}:${port}${req.url ?? '/'}` })
  res.end()
}

const helpPage = ({
  picture,
  url,
  fingerprint,
}: {
  picture: string
  url: string
  fingerprint: string
}): string => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>在手机上打开同心</title>
<style>body{font:17px/1.7 system-ui,"Noto Sans SC",sans-serif;color:#1B2733;background:#F6F8FA;margin:0;padding:24px}
main{max-width:640px;margin:auto}a.button{display:block;background:#0F766E;color:#fff;text-align:center;padding:12px;border-radius:10px;text-decoration:none;margin:16px 0;min-height:24px}
a.quiet{background:#fff;color:#0B5A54;border:1px solid #0F766E}code{font-size:13px;overflow-wrap:anywhere}h2{margin:28px 0 4px;font-size:18px}small{color:#4B5B6B}</style></head>
<body><main><h1>在手机上打开同心</h1>
<p>拍照、定位和离线使用都要求加密连接。这台服务器用的是自己的证书，手机要先信任它，只需要做一次。</p>
<h2>一、下载证书</h2><a class="button" href="/tongxin-ca.crt">下载证书</a>
<h2>二、信任证书</h2>
<p><b>苹果：</b>下载后到“设置 → 已下载描述文件”安装，再到“设置 → 通用 → 关于本机 → 证书信任设置”打开它。</p>
<p><b>安卓、鸿蒙：</b>到“设置 → 安全 → 更多安全设置 → 从存储设备安装证书 → CA 证书”，选择刚下载的文件。</p>
<p><small>只在本单位的手机上信任，并核对指纹与服务器窗口里显示的一致：</small><br><code>${escaped(fingerprint)}</code></p>
<h2>三、打开系统</h2><a class="button" href="${escaped(url)}">打开同心</a>
<p><img src="${picture}" width="240" height="240" alt="二维码：${escaped(url)}"></p>
<p lang="en"><small>Download the certificate, trust it once in the phone’s settings, compare the fingerprint with the server’s window, then open ${escaped(url)}.</small></p>
</main></body></html>
`
