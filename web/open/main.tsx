import { start } from '../shared/start.tsx'
import { followLinks } from '../shared/router.ts'
import { OpenFace, preparePage } from './face.tsx'
import './open.css'

followLinks('/')
void start(<OpenFace />, preparePage(location.pathname))
