export { askIndex, type Index, indexInfo, readIndex } from './client.ts';
export { indexedProviderList, indexedRecordList, indexedSharingList } from './first-lists.ts';
export {
  INDEX_PROBLEMS,
  type IndexProblemCode,
} from './problems.ts';
export {
  type EntriesQuery,
  type HistoryEvent,
  INDEX_LISTS,
  type IndexedEntry,
  type IndexInfo,
  type IndexList,
  indexInfoSchema,
  type ListItem,
  type ListPage,
  type ListQuery,
  MAX_PAGE,
  type UpTo,
} from './protocol.ts';
