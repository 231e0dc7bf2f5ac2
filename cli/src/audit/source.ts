import { type ChartkeyClient, type LogEntriesQuery, type LogEntry, logEntries } from '@chartkey/sdk';

/**
 * Where entries come from: the one place that knows. Today the chain itself, in ranges of blocks;
 * an index answers the same questions faster.
 */
export function entriesFrom(client: ChartkeyClient, query: LogEntriesQuery): AsyncIterable<LogEntry> {
  return logEntries(client, query);
}
