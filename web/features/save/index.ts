export { AgeFields, emptyAge, sealTo, useAgeProblem } from './age-fields.tsx';
export { SaveAsAge } from './save-as-age.tsx';
export { chooseTarget, saveBlob, writesToDisk } from './target.ts';
export { type Job, useJob } from './use-job.ts';
