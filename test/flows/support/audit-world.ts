import { DatabaseSync } from 'node:sqlite';
import { accessLogOf, fetchLogProof, type LogEntry, type LogProof } from '@chartkey/sdk';
import type { Hex } from 'viem';
import {
  enrolEverybody,
  open,
  PEOPLE,
  RECORDS,
  SECOND_RECORDS,
  startWorld,
  type World,
} from '../../../indexer/test/world.ts';

/** Whose log is looked at: ten entries. */
export const patient = PEOPLE.patient.address;
/** The other patient has one entry, and the last one no log. */
export const patients = [patient, PEOPLE.secondPatient.address, PEOPLE.manager.address];

export type AuditWorld = {
  readonly world: World;
  readonly entries: readonly LogEntry[];
  readonly proof: LogProof;
  readonly trusted: { readonly blockHash: Hex; readonly blockNumber: bigint };
};

/** A chain on which people opened records and were refused, and a proof of their logs. */
export async function startAuditWorld(): Promise<AuditWorld> {
  const world = await startWorld();
  try {
    await enrolEverybody(world);
    for (let i = 0; i < 3; i++) await open(world, PEOPLE.clinician, RECORDS);
    await open(world, PEOPLE.clinician, SECOND_RECORDS, 'ETREAT');
    await open(world, PEOPLE.insurer, RECORDS.slice(0, 1), 'HPAYMT');
    const client = world.clientOf();
    const { entries } = await accessLogOf(client, { patient });
    const { hash, number } = await client.publicClient.getBlock();
    const proof = await fetchLogProof(client, { patients, blockNumber: number });
    return { world, entries, proof, trusted: { blockHash: hash, blockNumber: number } };
  } catch (error) {
    await world.close();
    throw error;
  }
}

/** Edits an index's database behind its back; `$p` is the patient. */
export function tamper(database: string, sql: string): void {
  const db = new DatabaseSync(database);
  try {
    db.exec(sql.replaceAll('$p', `'${patient.toLowerCase()}'`));
  } finally {
    db.close();
  }
}
