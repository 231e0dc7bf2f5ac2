export { RolePicker } from './roles.tsx';
export { ScopeFields } from './scope-fields.tsx';
export {
  clampToFolders,
  describeScope,
  emptyScope,
  folderName,
  isStanding,
  purposeName,
  type ScopeDraft,
  scopeProblem,
  scopeToChain,
  untilInDays,
} from './words.ts';
