import { workOffline } from '../shared/offline/index.ts'
import { layShell } from '../shared/offline/shell-worker.ts'
import { followLinks } from '../shared/router.ts'
import { start } from '../shared/start.tsx'
import { H5Face, prepareFace } from './face.tsx'
import './h5.css'

followLinks('/h5')
workOffline()
void start(<H5Face />, prepareFace(location.pathname))
void layShell('/h5')
