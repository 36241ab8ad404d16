export { sampleLetters } from './sample.ts'
