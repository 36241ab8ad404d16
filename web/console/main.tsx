import { start } from '../shared/start.tsx'
import { ConsoleFace } from './face.tsx'
import '../shared/matter/matter.css'
import './console.css'

void start(<ConsoleFace />)
