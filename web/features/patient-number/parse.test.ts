import { describe, expect, it } from 'vitest';
import { parsePatient, patientNumber } from './parse.ts';

const pid = `0x${'ab'.repeat(32)}` as const;
const patient = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

describe('parsePatient', () => {
  it('default: reads what a patient copies, and what their code says', () => {
    expect(parsePatient(patientNumber({ area: 7, pid }))).toEqual({ area: 7, pid });
  });

  it('behavior: brackets, blanks and case do not matter', () => {
    expect(parsePatient(`  1 ,${pid.replaceAll('ab', 'AB')} `)).toEqual({ area: 1, pid });
    expect(parsePatient(` ${patient.toLowerCase()}\n`)).toEqual({ patient });
  });

  it('behavior: an emergency card, as its code has it or as it is typed', () => {
    const typed = `7.${'ab'.repeat(32)}`;
    expect(parsePatient(`https://example.org/emergency#${typed}`)).toEqual({ area: 7, pid });
    expect(parsePatient(typed)).toEqual({ area: 7, pid });
  });

  it.each([
    '',
    `7.${'ab'.repeat(31)}`,
    `https://example.org/elsewhere#7.${'ab'.repeat(32)}`,
    'A-123-456',
    pid,
    `<1, ${pid}0>`,
    `<1, ${pid.slice(0, -1)}>`,
    `<4294967296, ${pid}>`,
    `<-1, ${pid}>`,
    patient.slice(0, -1),
    `https://example.org/?patient=${patient}`,
    'javascript:alert(1)',
  ])('behavior: names nobody: %s', (text) => {
    expect(parsePatient(text)).toBeUndefined();
  });
});
