import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { FaceAnswer, FaceChallenge } from '../../../src/signing/face/contract.ts'
import {
  askedOf,
  FRAMES_MOST,
  packFrames,
  seeFrame,
  startGate,
  type Frame,
  type GateState,
} from '../../../src/signing/face/gate.ts'
import { useText, type TextKey } from '../i18n/text.ts'
import { Button } from '../ui/button.tsx'
import { loadDetector } from './detector.ts'
import './face.css'

type Asked = ReturnType<typeof askedOf>
type Stage = 'loading' | 'noCamera' | 'noWay' | 'looking' | 'again' | 'passed'

const askedTexts: Record<Asked, TextKey> = {
  ahead: 'face.ahead',
  left: 'face.left',
  right: 'face.right',
  blink: 'face.blink',
  done: 'face.done',
  again: 'face.again',
}

const stageTexts: Record<Exclude<Stage, 'looking'>, TextKey> = {
  loading: 'face.loading',
  noCamera: 'face.noCamera',
  noWay: 'face.noWay',
  again: 'face.again',
  passed: 'face.done',
}

/** Nobody is hurried: only who makes no headway for so long is asked whether they would rather go another way. */
const NO_HEADWAY_MS = 45_000

interface Watch {
  video: HTMLVideoElement
  challenge: FaceChallenge
  stopped: () => boolean
  tell: (asked: Asked, step: number) => void
}

const nextPicture = () => new Promise((resolve) => setTimeout(resolve, 30))

/** Looks until the gate is passed or failed; null where nothing came of it. */
async function watch({ video, challenge, stopped, tell }: Watch): Promise<Frame[] | null> {
  const detector = await loadDetector()
  const began = performance.now()
  const frames: Frame[] = []
  let state: GateState = startGate()
  let headway = began
  while (!stopped()) {
    const now = performance.now()
    const frame = await detector.look(video, Math.round(now - began))
    const before = askedOf(challenge.moves, state)
    if (frame) {
      frames.push(frame)
      if (frames.length > FRAMES_MOST) frames.shift()
      state = seeFrame(challenge.moves, state, frame)
    }
    const asked = askedOf(challenge.moves, state)
    if (asked !== before) headway = now
    tell(asked, state.kind === 'moving' ? state.step : state.kind === 'passed' ? challenge.moves.length : 0)
    if (state.kind === 'passed') return frames
    if (state.kind === 'failed' || now - headway > NO_HEADWAY_MS) return null
    await nextPicture()
  }
  return null
}

async function openCamera(): Promise<MediaStream> {
  const video = { facingMode: 'user', width: { ideal: 640 }, height: { ideal: 480 } }
  return navigator.mediaDevices.getUserMedia({ video, audio: false })
}

/** The camera looks whether somebody alive is there. Pictures stay on the phone; what is sent are the measures of each frame. */
export function FaceCheck({
  challenge,
  onPassed,
  onAgain,
}: {
  challenge: FaceChallenge
  onPassed: (answer: FaceAnswer) => void
  onAgain: () => void
}) {
  const t = useText()
  const video = useRef<HTMLVideoElement>(null)
  const [stage, setStage] = useState<Stage>('loading')
  const [asked, setAsked] = useState<Asked>('ahead')
  const [step, setStep] = useState(0)
  const passed = useEffectEvent(onPassed)
  useEffect(() => {
    let stopped = false
    let stream: MediaStream | undefined
    const run = async () => {
      stream = await openCamera().catch(() => undefined)
      const shown = video.current
      if (!stream || !shown) return stopped || setStage('noCamera')
      shown.srcObject = stream
      await shown.play()
      await loadDetector()
      if (stopped) return
      setStage('looking')
      const tell = (next: Asked, at: number) => {
        setAsked(next)
        setStep(at)
      }
      const frames = await watch({ video: shown, challenge, stopped: () => stopped, tell })
      if (stopped) return
      setStage(frames ? 'passed' : 'again')
      if (frames) passed({ nonce: challenge.nonce, document: challenge.document, frames: packFrames(frames) })
    }
    run()
      .catch(() => stopped || setStage('noWay'))
      .finally(() => stream?.getTracks().forEach((track) => track.stop()))
    return () => {
      stopped = true
      stream?.getTracks().forEach((track) => track.stop())
    }
  }, [challenge])
  return (
    <div className="face-check stack" data-stage={stage} data-asked={asked}>
      <div className="face-round">
        <video ref={video} playsInline muted aria-hidden="true" />
        {stage === 'looking' && <Arrow asked={asked} />}
      </div>
      <p className="face-say" role="status" aria-live="assertive">
        {t(stage === 'looking' ? askedTexts[asked] : stageTexts[stage])}
      </p>
      <ol className="face-steps" aria-hidden="true">
        {challenge.moves.map((move, i) => (
          <li key={move} data-done={stage === 'passed' || i < step || undefined} />
        ))}
      </ol>
      {(stage === 'again' || stage === 'noWay' || stage === 'noCamera') && (
        <Button kind="primary" wide onClick={onAgain}>
          {t('act.retry')}
        </Button>
      )}
      <p className="faint small">{t('face.stays')}</p>
    </div>
  )
}

/** The picture is shown as in a mirror: the person's left is on the left. */
function Arrow({ asked }: { asked: Asked }) {
  if (asked === 'left' || asked === 'right')
    return <span className={`face-arrow face-arrow-${asked}`} aria-hidden="true" />
  return asked === 'blink' ? <span className="face-lids" aria-hidden="true" /> : null
}
