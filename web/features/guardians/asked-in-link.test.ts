import { describe, expect, it } from 'vitest';
import { askedIn, linkFor } from './asked-in-link.ts';

const patient = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const wallet = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';

describe('askedIn', () => {
  it('default: reads what was written, whole or behind its #', () => {
    const link = linkFor('https://chart.example', { patient, wallet });
    expect(askedIn(link)).toEqual({ patient, wallet });
    expect(askedIn(new URL(link).hash)).toEqual({ patient, wallet });
    expect(askedIn(` ${link.toLowerCase()}\n`)).toEqual({ patient, wallet });
  });

  it('behavior: nothing of it is sent to a server', () => {
    const url = new URL(linkFor('https://chart.example', { patient, wallet }));
    expect(`${url.pathname}${url.search}`).toBe('/guardian');
  });

  it('error: anything else asks nothing', () => {
    for (const text of ['', '#', patient, `#patient=${patient}`, `#patient=${patient}&wallet=0x12`]) {
      expect(askedIn(text)).toBeUndefined();
    }
  });
});
