export { countInWords, isDay, suggestionFor, TYPE_CHOICES } from './guess.ts';
export { type Item, unitsOf } from './item.ts';
export type { Queue } from './queue.ts';
export { UploadsTray } from './tray.tsx';
export { UploadBar } from './upload-bar.tsx';
export { UploadHolders, UploadsProvider, useUpload } from './uploads.tsx';
export { wordsFor } from './words.ts';
