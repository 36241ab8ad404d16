import { workOffline } from '../shared/offline/index.ts'
import { layShell } from '../shared/offline/shell-worker.ts'
import { followLinks } from '../shared/router.ts'
import { start } from '../shared/start.tsx'
import { H5Face } from './face.tsx'
import '../shared/matter/matter.css'
import './h5.css'

followLinks('/h5')
workOffline()
void start(<H5Face />)
void layShell('/h5')
