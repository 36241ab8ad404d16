import { sha256Hex } from './rules.ts'

/** What somebody agrees to before they sign, by how they show who they are. A change of a word is another hash. */
const base = [
  '您将用电子签名签署一份文书。可靠的电子签名与手写签名或者盖章具有同等的法律效力（《中华人民共和国电子签名法》第十四条）。',
  '签名用的密钥在这部手机上生成，只用这一次，不会离开手机。签署的时间、核实身份的方式和文件的指纹会写入存证，用来证明文书没有被改动。',
]
const byLevel: Readonly<Record<string, string>> = {
  phone: '为确认是您本人，会向您登记的手机号发送验证码。',
  registry:
    '为确认是您本人，会向您登记的手机号发送验证码，并把您填写的姓名和身份证号与登记信息核对；填写的内容只用于核对，不另外保存。',
  face: '为确认是您本人，会向您登记的手机号发送验证码，把您填写的姓名和身份证号与登记信息核对，并请您对着手机转头、眨眼。',
}
const closing = '您可以不同意，也可以拒签。不愿或不便用手机核实的，可以请工作人员当面核实后签署，效力相同。'

export interface ConsentText {
  readonly text: string[]
  readonly hash: string
}
const made = (text: string[]): ConsentText => ({ text, hash: sha256Hex(text.join('\n')) })

export const consentFor = (level: string): ConsentText => made([...base, byLevel[level] ?? byLevel['face']!, closing])

/** Asked apart: a face is sensitive personal information (个人信息保护法 art. 29). */
export const faceConsent: ConsentText = made([
  '接下来会用前置摄像头看您是否按提示转头、眨眼，以确认手机前是真人。',
  '画面只在这部手机上处理，不上传、不保存，也不会留下人脸特征；传给我们的只有动作是否完成的测量数值。',
  '人脸信息属于敏感个人信息，是否同意由您决定。不同意也能签署：请工作人员当面核实，效力相同。',
])

/** Where a provider compares the face with the person, the page that asks is theirs, and this is said before. */
export const providerConsent = (provider: string): ConsentText =>
  made([
    `接下来会打开${provider}的页面，由其拍摄您的面部并与您的身份信息比对，以确认是您本人。`,
    `您的姓名、身份证号会提供给${provider}用于本次比对；我们只收到是否通过的结果和流水号，不接收、不保存人脸图像。`,
    '人脸信息属于敏感个人信息，是否同意由您决定。不同意也能签署：请工作人员当面核实，效力相同。',
  ])
