import { describe, expect, test } from 'vitest';
import { commitPid, emergencyCardText, generatePidSalt, parseEmergencyCard } from './index.ts';

const identifier = '1234567890';
const pid = commitPid({ area: 41, identifier, salt: generatePidSalt() });
const origin = 'https://chart.example.org';

describe('emergencyCardText', () => {
  test('default: leads back to the patient', () => {
    const text = emergencyCardText({ origin, area: 41, pid });
    expect(parseEmergencyCard(text)).toEqual({ area: 41, pid });
  });

  test('behavior: holds the address of the patient and nothing else', () => {
    expect(emergencyCardText({ origin, area: 41, pid })).toBe(`${origin}/emergency#41.${pid.slice(2)}`);
  });

  test('behavior: what stands behind the # reaches no server', () => {
    const url = new URL(emergencyCardText({ origin, area: 41, pid }));
    expect(`${url.pathname}${url.search}`).toBe('/emergency');
  });

  test('error: a pid that is none, or an origin with more behind it', () => {
    expect(() => emergencyCardText({ origin, area: 41, pid: '0x12' })).toThrow('32 bytes');
    expect(() => emergencyCardText({ origin: `${origin}/?q=`, area: 41, pid })).toThrow('origin');
  });
});

describe('parseEmergencyCard', () => {
  test('behavior: takes what is typed by hand', () => {
    expect(parseEmergencyCard(` 41.${pid.slice(2)}\n`)).toEqual({ area: 41, pid });
  });

  test.each([
    '',
    'hello',
    `41.${'0'.repeat(63)}`,
    `99999999999.${'0'.repeat(64)}`,
    `https://x/y#41.${'0'.repeat(64)}`,
  ])('error: %j is no card', (text) => {
    expect(() => parseEmergencyCard(text)).toThrow('no emergency card');
  });
});
