export { FolderNames } from './folder-names.tsx';
export { encodeNames, type Folder, freeNumber, NAMES_COMPARTMENT, NAMES_MEDIA_TYPE } from './names.ts';
export { type Folders, useFolders } from './use-folders.ts';
export { type Records, useRecords } from './use-records.ts';
