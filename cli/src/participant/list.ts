import { type ListedProvider, PROVIDER_STATUSES, providers } from '@chartkey/sdk';
import { readerFor } from '../access.ts';
import type { Command } from '../command.ts';
import { AREA_OPTION, areaFrom, oneOf, timeText } from '../inputs.ts';
import type { Listing } from '../output.ts';
import { CHAIN_OPTIONS } from '../settings.ts';

const STATUSES = PROVIDER_STATUSES.filter((status) => status !== 'None');

export const list: Command = {
  name: 'participant list',
  says: 'Lists providers, with what they applied with and where they stand',
  options: {
    area: AREA_OPTION,
    status: { value: 'STATUS', says: STATUSES.join(', '), choices: STATUSES },
    ...CHAIN_OPTIONS,
  },
  lists: true,
  examples: ['participant list --area 1 --status applied', 'participant list --ndjson'],
  run: async (given) => {
    const [area, asked] = [given.text('area'), given.text('status')];
    const status = asked === undefined ? undefined : oneOf(STATUSES, asked, '--status');
    const found = await providers(await readerFor(given), area === undefined ? {} : { area: areaFrom(area) });
    const listing: Listing<ListedProvider> = {
      items: found.filter(({ standing }) => status === undefined || standing.status === status),
      columns: ['provider', 'role', 'area', 'status', 'until', 'organisation'],
      row: ({ provider, standing, application }) => [
        provider,
        application.role,
        String(application.area),
        standing.status,
        timeText(standing.expiresAt),
        /^0x0+$/.test(application.organisation) ? '-' : application.organisation,
      ],
      empty: 'No provider.',
    };
    return listing;
  },
};
