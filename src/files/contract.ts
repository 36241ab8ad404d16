import { Type, type Static } from 'typebox'
import { defineFaults } from '../kernel/faults.ts'
import { ProposedId } from '../kernel/proposed-id.ts'
import { ledgerEvent } from '../ledger/contract.ts'

/** Largest file taken in, in bytes. */
export const fileBytesMax = 50 * 1024 * 1024
/** Largest piece of a resumable upload, in bytes; smaller pieces lose less on a bad line. */
export const chunkBytesMax = 8 * 1024 * 1024

const bilingual = (zh: string, en: string, status: number) => ({ status, zh, en })

defineFaults({
  'files.kind_not_allowed': bilingual(
    '“{name}”其实是{foundZh}，这里不能收。可以上传：照片（JPG、PNG、WebP、HEIC）、PDF、录音、视频。',
    '“{name}” is really {foundEn}, which is not taken here. You can upload photos (JPG, PNG, WebP, HEIC), PDF, sound and video.',
    415,
  ),
  'files.empty': bilingual('“{name}”是空文件，请重新选择。', '“{name}” is empty. Please choose again.', 400),
  'files.too_large': bilingual(
    '文件太大，每个最多 {limitMegabytes} MB。视频可以录短一些再传。',
    'The file is too large; at most {limitMegabytes} MB each. A shorter video will do.',
    413,
  ),
  'files.too_many_pixels': bilingual(
    '这张图片的像素太多（{width}×{height}），打不开，请换一张或调小后再传。',
    'This picture has too many pixels ({width}×{height}) to be opened. Please use a smaller one.',
    413,
  ),
  'files.unreadable': bilingual(
    '“{name}”打不开，可能没有传完整，请重新拍摄或选择。',
    '“{name}” cannot be opened; it may be incomplete. Please take or choose it again.',
    415,
  ),
  'files.lost_on_the_way': bilingual(
    '文件没有传完整，请再传一次。',
    'The file did not arrive whole. Please send it again.',
    422,
  ),
  'files.wrong_offset': bilingual(
    '续传的位置不对，请从第 {offset} 字节继续。',
    'The piece does not fit; please go on from byte {offset}.',
    409,
  ),
  'files.upload_incomplete': bilingual(
    '还没有传完（{offset}/{sizeBytes}），请继续上传。',
    'The upload is not complete yet ({offset} of {sizeBytes}). Please go on.',
    409,
  ),
  'files.too_many': bilingual(
    '还没提交的文件太多了，请先提交或删掉一些。',
    'There are too many files not yet handed in. Please hand them in or remove some.',
    429,
  ),
  'files.not_ready': bilingual(
    '图片正在处理，请稍等几秒。',
    'The picture is still being prepared. Please wait a few seconds.',
    409,
  ),
  'files.no_picture': bilingual('这个文件没有可以预览的图片。', 'There is no picture to show for this file.', 404),
  'files.bad_range': bilingual('请求的字节范围不存在。', 'The requested range of bytes does not exist.', 416),
  'files.already_attached': bilingual(
    '这个文件已经用在别的事项里，请重新上传。',
    'This file is already used elsewhere. Please upload it again.',
    409,
  ),
  'files.refused': bilingual('有文件没有通过检查，请换一个。', 'A file was not accepted. Please use another one.', 409),
  'files.opening_expired': bilingual(
    '查看原件的时限已过，请重新说明理由。',
    'The time for looking at the original has passed. Please state your reason again.',
    403,
  ),
})

const id = Type.String({ format: 'uuid' })
const instant = Type.String({ format: 'date-time' })

/** What a file shows: the place before the work, after it, proof of a fact, or anything else. */
export const FileRole = Type.Union([
  Type.Literal('before'),
  Type.Literal('after'),
  Type.Literal('evidence'),
  Type.Literal('attachment'),
])
export type FileRole = Static<typeof FileRole>

export const FileState = Type.Union([Type.Literal('processing'), Type.Literal('ready'), Type.Literal('refused')])
export type FileState = Static<typeof FileState>

/** A file as people see it; never its EXIF data. */
export const FileView = Type.Object({
  id,
  name: Type.String({ description: 'Cleaned name for showing and downloading.' }),
  mediaType: Type.String({ description: 'Found by the magic number, not believed from the sender.' }),
  sizeBytes: Type.Integer(),
  sha256: Type.String({ description: 'Of the bytes as they arrived, hex.' }),
  state: FileState,
  refusal: Type.Union([Type.String(), Type.Null()], { description: 'Fault code when refused later.' }),
  role: FileRole,
  width: Type.Union([Type.Integer(), Type.Null()]),
  height: Type.Union([Type.Integer(), Type.Null()]),
  hasPicture: Type.Boolean({ description: 'Whether thumbnail and preview can be asked for.' }),
  hasMetadata: Type.Boolean({ description: 'Whether time, place or camera were in the file and are kept sealed.' }),
  createdAt: instant,
})
export type FileView = Static<typeof FileView>

/** Query of a one-shot upload. The client's own id makes a repeat harmless. */
export const UploadQuery = Type.Object({
  id: Type.Optional(ProposedId),
  name: Type.Optional(Type.String({ maxLength: 200 })),
  role: Type.Optional(FileRole),
  sha256: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
})
export type UploadQuery = Static<typeof UploadQuery>

/** Begins a resumable upload. */
export const BeginUpload = Type.Object(
  {
    id: Type.Optional(ProposedId),
    name: Type.String({ maxLength: 200, minLength: 1 }),
    sizeBytes: Type.Integer({ minimum: 0 }),
    role: Type.Optional(FileRole),
    sha256: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
  },
  { additionalProperties: false },
)
export type BeginUpload = Static<typeof BeginUpload>

export const UploadView = Type.Object({
  id,
  offset: Type.Integer({ description: 'Bytes safely kept; the next piece begins here.' }),
  sizeBytes: Type.Integer(),
  chunkBytesMax: Type.Integer(),
  expiresAt: instant,
})
export type UploadView = Static<typeof UploadView>

/** Why somebody looks at an original with its EXIF data; kept, and entered in the ledger without the words. */
export const OpenOriginal = Type.Object(
  { reason: Type.String({ minLength: 2, maxLength: 200 }) },
  { additionalProperties: false },
)
export type OpenOriginal = Static<typeof OpenOriginal>

/** What the picture itself says about when and where it was taken; evidence, not proof: it can be forged. */
export const FileMetadata = Type.Object({
  takenAt: Type.Union([Type.String(), Type.Null()], {
    description: 'As written by the camera; with offset where it has one.',
  }),
  longitude: Type.Union([Type.Number(), Type.Null()], { description: 'WGS-84.' }),
  latitude: Type.Union([Type.Number(), Type.Null()], { description: 'WGS-84.' }),
  camera: Type.Union([Type.String(), Type.Null()]),
  software: Type.Union([Type.String(), Type.Null()]),
})
export type FileMetadata = Static<typeof FileMetadata>

export const Opening = Type.Object({
  opening: Type.String({ description: 'Goes into the query of the original; good for this person only.' }),
  expiresAt: instant,
  metadata: Type.Union([FileMetadata, Type.Null()]),
})
export type Opening = Static<typeof Opening>

/** A file became part of a subject: from now on it is kept. Subject of the entry: the file. */
export const FileAttached = ledgerEvent(
  'file.attached',
  Type.Object({
    subjectKind: Type.String(),
    subjectId: id,
    role: FileRole,
    sha256: Type.String(),
    sizeBytes: Type.Integer(),
    mediaType: Type.String(),
  }),
)

/** Somebody looked at the original with its EXIF data. Subject of the entry: the opening. */
export const OriginalOpened = ledgerEvent('file.original_opened', Type.Object({ fileId: id, postId: Type.String() }))
