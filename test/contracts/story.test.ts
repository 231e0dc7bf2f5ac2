import { expect } from 'chai';
import {
  AREA,
  applicationOf,
  connection,
  DAY,
  Decision,
  deployChartkey,
  deployWithParticipants,
  digest,
  ethers,
  networkHelpers,
  now,
  ProviderStatus,
  Purpose,
  RecordStatus,
  Role,
  treatmentConsent,
  type World,
} from './support/chartkey.ts';
import { replay, replayHeads } from './support/replay.ts';

const RECORD = digest('record');
const KEY_HASH = digest('one-time key');

/** What a clinician presents to keepers for the opening it made in the latest block. */
const openingOf = async (accessor: string, place: bigint, recordIds: string[]) => ({
  accessor,
  place,
  purpose: Purpose.Treatment,
  openedAt: await now(),
  keyHash: KEY_HASH,
  recordIds,
});

describe('deployment', () => {
  it('default: every contract knows the others, and nobody but the governor holds a role', async () => {
    const w = await networkHelpers.loadFixture(deployChartkey);
    expect(await w.participants.AUTHORITY()).to.equal(await w.authority.getAddress());
    expect(await w.participants.LOG()).to.equal(await w.log.getAddress());
    for (const contract of [w.participants, w.consents, w.records, w.log]) {
      expect(await contract.trustedForwarder()).to.equal(await w.forwarder.getAddress());
    }
    expect(await w.forwarder.boundLog()).to.equal(await w.log.getAddress());
    expect(await w.consents.PARTICIPANTS()).to.equal(await w.participants.getAddress());
    expect(await w.consents.RECORDS()).to.equal(await w.records.getAddress());
    expect(await w.records.CONSENTS()).to.equal(await w.consents.getAddress());
    expect(await w.records.PARTICIPANTS()).to.equal(await w.participants.getAddress());
    expect(await w.log.CONSENTS()).to.equal(await w.consents.getAddress());
    expect(await w.log.PARTICIPANTS()).to.equal(await w.participants.getAddress());
    expect(await w.view.LOG()).to.equal(await w.log.getAddress());
    expect(await w.view.RECORDS()).to.equal(await w.records.getAddress());
    expect(await w.view.CONSENTS()).to.equal(await w.consents.getAddress());
    expect(await w.keepers.authority()).to.equal(await w.authority.getAddress());
    const ADMIN = await w.authority.ADMIN_ROLE();
    expect((await w.authority.hasRole(ADMIN, w.governor)).isMember).to.equal(true);
    expect((await w.authority.hasRole(ADMIN, w.outsider)).isMember).to.equal(false);
  });
});

describe('one opening, all the way round', () => {
  it('default: refused before consent, permitted with it, refused after it was revoked', async () => {
    const w = await networkHelpers.loadFixture(deployChartkey);
    const { participants, consents, records, log, view, patient, clinician, manager } = w;

    // Who is who.
    await expect(participants.connect(patient).registerPatient(AREA, digest('pid'), digest('public key')))
      .to.emit(participants, 'PatientRegistered')
      .withArgs(patient.address, AREA, digest('pid'), digest('public key'));
    const application = applicationOf(Role.Clinician, 'the clinician');
    const verifiedUntil = (await now()) + 365n * DAY;
    await participants.connect(clinician).registerProvider(application);
    await expect(participants.connect(manager).verifyProvider(clinician, application, verifiedUntil))
      .to.emit(participants, 'ProviderVerified')
      .withArgs(clinician.address, manager.address, AREA, Object.values(application), verifiedUntil);

    // A record, and a request that gives nothing.
    await records.connect(patient).addRecord(RECORD, patient, 3);
    const consent = await treatmentConsent();
    await expect(
      consents
        .connect(clinician)
        .requestConsent(
          patient,
          consent.compartments,
          consent.purposes,
          consent.expiresAt,
          digest('message'),
        ),
    ).to.emit(consents, 'ConsentRequested');

    // Refused before consent.
    await expect(log.connect(clinician).openRecords([RECORD], Purpose.Treatment, KEY_HASH, 0))
      .to.emit(log, 'OpenRefused')
      .withArgs(
        patient.address,
        clinician.address,
        RECORD,
        1n,
        Purpose.Treatment,
        (time: bigint) => time > 0n,
        KEY_HASH,
        Decision.ConsentMissing,
      );

    // Granted and opened.
    await consents.connect(patient).grantConsent(clinician, consent);
    await expect(log.connect(clinician).openRecords([RECORD], Purpose.Treatment, KEY_HASH, 0)).to.emit(
      log,
      'RecordOpened',
    );
    const opening = await openingOf(clinician.address, 0n, [RECORD]);
    const [openingId, [state]] = await view.releaseState(opening);
    expect(openingId).to.equal(await log.openingIdOf(opening));
    expect(state?.decision).to.equal(Decision.Permit);
    expect(state?.patient).to.equal(patient.address);
    expect(state?.author).to.equal(patient.address);
    expect(state?.envelopeDigest).to.equal(RECORD);

    // Revoked: the same opening releases nothing more, and the next one is refused.
    await consents.connect(patient).revokeConsent(clinician);
    const [, [after]] = await view.releaseState(opening);
    expect(after?.decision).to.equal(Decision.ConsentMissing);
    await expect(log.connect(clinician).openRecords([RECORD], Purpose.Treatment, KEY_HASH, 0)).to.emit(
      log,
      'OpenRefused',
    );
    expect((await log.headOf(patient)).count).to.equal(3n);
  });

  it('behavior: a lab submits, the patient accepts or rejects', async () => {
    const w = await networkHelpers.loadFixture(deployWithParticipants);
    const { records, lab, patient, otherPatient } = w;
    await records.connect(lab).submitRecord(RECORD, patient);
    await expect(records.connect(otherPatient).acceptRecords([RECORD], [5]))
      .to.be.revertedWithCustomError(records, 'NotYourRecord')
      .withArgs(RECORD);
    await records.connect(patient).acceptRecords([RECORD], [5]);
    expect((await records.recordOf(RECORD)).status).to.equal(RecordStatus.Active);

    await records.connect(lab).submitRecord(digest('unwanted'), patient);
    await records.connect(patient).rejectRecord(digest('unwanted'));
    expect((await records.recordOf(digest('unwanted'))).status).to.equal(RecordStatus.Rejected);
  });

  it('behavior: revoking and opening in one block, the order in the block decides', async () => {
    const w = await networkHelpers.loadFixture(deployWithParticipants);
    const { consents, records, log, patient, clinician } = w;
    await records.connect(patient).addRecord(RECORD, patient, 3);
    await consents.connect(patient).grantConsent(clinician, await treatmentConsent());

    await connection.provider.request({ method: 'evm_setAutomine', params: [false] });
    let receipts: (Awaited<ReturnType<typeof ethers.provider.getTransactionReceipt>> | null)[];
    try {
      const options = { gasLimit: 500_000n };
      const revoke = await consents
        .connect(patient)
        .revokeConsent(clinician, { ...options, gasPrice: 9n * 10n ** 9n });
      const open = await log
        .connect(clinician)
        .openRecords([RECORD], Purpose.Treatment, KEY_HASH, 0, { ...options, gasPrice: 3n * 10n ** 9n });
      await networkHelpers.mine();
      receipts = await Promise.all(
        [revoke, open].map((sent) => ethers.provider.getTransactionReceipt(sent.hash)),
      );
    } finally {
      await connection.provider.request({ method: 'evm_setAutomine', params: [true] });
    }

    const [revoked, opened] = receipts;
    expect(opened?.blockNumber).to.equal(revoked?.blockNumber);
    expect(opened?.index).to.equal((revoked?.index ?? 0) + 1);
    expect(await log.placesOf(clinician, 0, 1)).to.deep.equal([0n]);
  });
});

describe('places of openings', () => {
  it('default: an opening stands until a later one takes its place, an hour later at the earliest', async () => {
    const w = await networkHelpers.loadFixture(deployWithParticipants);
    const { consents, records, log, patient, clinician } = w;
    await records.connect(patient).addRecord(RECORD, patient, 3);
    await consents.connect(patient).grantConsent(clinician, await treatmentConsent());
    const open = (place: bigint) =>
      log.connect(clinician).openRecords([RECORD], Purpose.Treatment, KEY_HASH, place);
    const standing = async (opening: Awaited<ReturnType<typeof openingOf>>) =>
      (await log.standingOpening(opening)) === (await log.openingIdOf(opening));

    await open(0n);
    const first = await openingOf(clinician.address, 0n, [RECORD]);
    await open(1n);
    const second = await openingOf(clinician.address, 1n, [RECORD]);
    await expect(open(0n)).to.be.revertedWithCustomError(log, 'PlaceTaken');
    await networkHelpers.time.increase(await log.PLACE_HOLD());
    await open(0n);
    const third = await openingOf(clinician.address, 0n, [RECORD]);

    expect([await standing(first), await standing(second), await standing(third)]).to.deep.equal([
      false,
      true,
      true,
    ]);
  });
});

/** A hospital that vouches for a member, and for one that it drops again. */
async function becomeMember({ participants, manager, others }: World): Promise<void> {
  const [hospital, nurse, former] = others;
  if (!hospital || !nurse || !former) throw new Error('Too few accounts.');
  const organisation = hospital.address;
  const ofHospital = applicationOf(Role.Hospital, 'the hospital');
  const ofMember = { ...applicationOf(Role.Clinician, 'a member'), organisation };
  await participants.connect(hospital).registerProvider(ofHospital);
  await participants.connect(nurse).registerProvider(ofMember);
  await participants.connect(former).registerProvider(ofMember);
  const expiresAt = (await now()) + 365n * DAY;
  await participants.connect(manager).verifyProviders([
    { provider: hospital, application: ofHospital, expiresAt },
    { provider: nurse, application: ofMember, expiresAt },
    { provider: former, application: ofMember, expiresAt },
  ]);
  await participants.connect(hospital).vouchForMembers([nurse, former]);
  await participants.connect(hospital).dropMembers([former]);
}

/** Something of everything, so that a replay has every kind of event to follow. */
async function livelyChain(): Promise<World> {
  const w = await deployWithParticipants();
  const { participants, consents, records, log, patient, otherPatient, clinician, lab, manager } = w;
  const consent = await treatmentConsent(true);
  await participants.connect(otherPatient).changePublicKey(digest('second key'));
  await participants.connect(w.outsider).registerProvider(applicationOf(Role.Hospital, 'the outsider'));
  await records.connect(patient).addRecord(RECORD, patient, 3);
  await records.connect(patient).addRecord(digest('second'), patient, 4);
  await records.connect(patient).addRecord(digest('third'), patient, 4);
  await records.connect(patient).supersedeRecord(digest('second'), RECORD);
  await records.connect(patient).rewrapRecord(digest('second'), digest('second envelope'));
  await records.connect(patient).retireRecord(digest('third'));
  await records.connect(lab).submitRecord(digest('report'), otherPatient);
  await records.connect(otherPatient).acceptRecords([digest('report')], [7]);
  await records.connect(lab).submitRecord(digest('unwanted'), otherPatient);
  await records.connect(otherPatient).rejectRecord(digest('unwanted'));
  await records.connect(lab).submitRecord(digest('waiting'), patient);
  await consents.connect(patient).grantConsent(clinician, consent);
  await consents.connect(patient).grantConsent(lab, consent);
  await consents.connect(otherPatient).grantConsent(clinician, consent);
  await consents.connect(patient).amendConsent(lab, { ...consent, compartments: 1n });
  await consents.connect(otherPatient).revokeConsent(clinician);
  await records.connect(clinician).addRecord(digest('letter'), patient, 2);
  await consents.connect(patient).restrictRecord(RECORD, lab);
  await consents.connect(patient).restrictRecord(RECORD, ethers.ZeroAddress);
  await consents.connect(patient).liftRestriction(RECORD, ethers.ZeroAddress);
  await consents.connect(patient).restrictRecord(digest('second'), ethers.ZeroAddress);
  await records.connect(patient).moveRecord(digest('second'), 9);
  await becomeMember(w);
  const own = [RECORD, digest('second'), digest('third')];
  const all = [...own, digest('report'), digest('unknown')];
  const openings = [
    [clinician, all],
    [lab, all],
    [patient, own],
    [otherPatient, [digest('report')]],
  ] as const;
  for (const [accessor, ids] of openings) {
    for (const [place, purpose] of [Purpose.Treatment, Purpose.Research].entries()) {
      await log.connect(accessor).openRecords([...ids], purpose, digest(`key of ${accessor.address}`), place);
    }
  }
  await consents.connect(otherPatient).grantConsent(clinician, consent);
  await consents.connect(otherPatient).grantConsent(lab, consent);
  await consents.connect(otherPatient).revokeAll();
  await consents.connect(otherPatient).grantConsent(lab, consent);
  await participants.connect(manager).renewProvider(clinician, (await now()) + 400n * DAY);
  await participants.connect(manager).suspendProvider(lab);
  await participants.connect(manager).suspendProvider(clinician);
  await participants.connect(manager).reinstateProvider(clinician);
  return w;
}

describe('state from events', () => {
  it('P10 default: what is rebuilt from events alone equals storage', async () => {
    const w = await networkHelpers.loadFixture(livelyChain);
    const state = await replay(w);
    expect([state.patients.size, state.providers.size, state.records.size]).to.deep.equal([2, 6, 7]);

    for (const [patient, { area, pid, publicKeyHash }] of state.patients) {
      expect(await w.participants.patientAt(area, pid)).to.equal(patient);
      expect(await w.participants.publicKeyHashOf(patient)).to.equal(publicKeyHash);
    }
    for (const [address, expected] of state.providers) {
      const provider = await w.participants.providerOf(address);
      expect(provider.status).to.equal(expected.status);
      // Of an applicant the chain keeps a digest alone.
      if (expected.status === ProviderStatus.Applied) continue;
      expect(provider.role).to.equal(expected.role);
      expect(provider.area).to.equal(expected.area);
      expect(provider.expiresAt).to.equal(expected.expiresAt);
      expect(provider.organisation).to.equal(expected.organisation);
      expect(provider.vouched).to.equal(expected.vouched);
    }
    for (const [recordId, expected] of state.records) {
      const record = await w.records.recordOf(recordId);
      expect(record.patient, recordId).to.equal(expected.patient);
      expect(record.status, recordId).to.equal(expected.status);
      expect(record.compartment, recordId).to.equal(expected.compartment);
      expect(record.superseded, recordId).to.equal(expected.next !== ethers.ZeroHash);
      expect(record.supersedes, recordId).to.equal(expected.previous !== ethers.ZeroHash);
      expect([...(await w.records.versionsOf(recordId))]).to.deep.equal([expected.previous, expected.next]);
      expect(await w.records.authorOf(recordId), recordId).to.equal(expected.author);
      expect(await w.records.envelopeOf(recordId), recordId).to.equal(expected.envelopeDigest);
    }
    for (const patient of state.patients.keys()) {
      expect(await w.consents.epochOf(patient)).to.equal(state.epochs.get(patient) ?? 0n);
      for (const accessor of state.providers.keys()) {
        const stored = await w.consents.consentOf(patient, accessor);
        const consent = state.consents.get(`${patient} ${accessor}`);
        expect(stored.compartments).to.equal(consent?.compartments ?? 0n);
        expect(stored.purposes).to.equal(consent?.purposes ?? 0n);
        expect(stored.startsAt).to.equal(consent?.startsAt ?? 0n);
        expect(stored.expiresAt).to.equal(consent?.expiresAt ?? 0n);
        expect(stored.mayWrite).to.equal(consent?.mayWrite ?? false);
      }
    }
    for (const recordId of state.records.keys()) {
      for (const accessor of [ethers.ZeroAddress, ...state.providers.keys()]) {
        const kept = state.restrictions.has(`${recordId} ${accessor}`);
        expect(await w.consents.isRestricted(recordId, accessor)).to.equal(kept);
      }
    }
  });

  it('P4 default: heads recomputed from events equal headOf', async () => {
    const w = await networkHelpers.loadFixture(livelyChain);
    const heads = await replayHeads(w.log);

    expect([...heads.keys()]).to.have.members([
      w.patient.address,
      w.otherPatient.address,
      ethers.ZeroAddress,
    ]);
    for (const [patient, expected] of heads) {
      const stored = await w.log.headOf(patient);
      expect(stored.count).to.equal(expected.count);
      expect(stored.head).to.equal(expected.head);
    }
    expect((await w.log.headOf(w.patient)).count).to.equal(18n);
  });

  it('P4 behavior: a list with an entry left out, changed or moved does not lead to the head', async () => {
    const w = await networkHelpers.loadFixture(livelyChain);
    const { head } = await w.log.headOf(w.patient);
    const headAfter = async (edit: (entries: unknown[]) => unknown[]) =>
      (await replayHeads(w.log, edit)).get(w.patient.address)?.head;

    expect(await headAfter((entries) => entries)).to.equal(head);
    expect(await headAfter((entries) => entries.slice(1))).to.not.equal(head);
    expect(await headAfter((entries) => entries.slice(0, -6))).to.not.equal(head);
    expect(await headAfter((entries) => entries.toReversed())).to.not.equal(head);
  });
});

describe('governance', () => {
  const keeperList = (operators: readonly string[]) =>
    [...operators]
      .sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
      .map((operator, i) => ({
        operator,
        publicKeyHash: digest(`keeper ${i}`),
        endpoint: 'https://keeper.example',
      }));

  it('P12 default: an epoch starts only after the delay, and only as it was announced', async () => {
    const w = await networkHelpers.loadFixture(deployChartkey);
    const { authority, keepers, governor, manager, lab, clinician } = w;
    const KEEPER_ROLE = 7n;
    const delay = 2n * DAY;
    const startEpoch = keepers.interface.getFunction('startEpoch');
    await authority
      .connect(governor)
      .setTargetFunctionRole(await keepers.getAddress(), [startEpoch.selector], KEEPER_ROLE);
    await authority.connect(governor).grantRole(KEEPER_ROLE, manager, delay);
    const list = keeperList([lab.address, clinician.address]);
    const call = keepers.interface.encodeFunctionData('startEpoch', [list, 2]);

    // Not at once, and not by the governor any more.
    await expect(keepers.connect(manager).startEpoch(list, 2)).to.be.revertedWithCustomError(
      authority,
      'AccessManagerNotScheduled',
    );
    await expect(keepers.connect(governor).startEpoch(list, 2)).to.be.revertedWithCustomError(
      keepers,
      'AccessManagedUnauthorized',
    );

    // Announced, but not before the delay is over.
    await authority.connect(manager).schedule(await keepers.getAddress(), call, 0);
    await expect(keepers.connect(manager).startEpoch(list, 2)).to.be.revertedWithCustomError(
      authority,
      'AccessManagerNotReady',
    );
    await networkHelpers.time.increase(delay);
    await expect(keepers.connect(manager).startEpoch(list.slice(0, 1), 2)).to.be.revertedWithCustomError(
      authority,
      'AccessManagerNotScheduled',
    );
    await expect(keepers.connect(manager).startEpoch(list, 2)).to.emit(keepers, 'EpochStarted');
    expect(await keepers.currentEpoch()).to.equal(1n);

    // Once only.
    await expect(keepers.connect(manager).startEpoch(list, 2)).to.be.revertedWithCustomError(
      authority,
      'AccessManagerNotScheduled',
    );
  });

  it('behavior: a manager who is granted the role with a grant delay manages only after it', async () => {
    const w = await networkHelpers.loadFixture(deployChartkey);
    const { authority, participants, governor, outsider } = w;
    const role = await participants.managerRole(99);
    await authority.connect(governor).setGrantDelay(role, 3n * DAY);
    await networkHelpers.time.increase(6n * DAY);

    await authority.connect(governor).grantRole(role, outsider, 0);
    expect(await participants.isManager(outsider, 99)).to.equal(false);
    await networkHelpers.time.increase(3n * DAY);
    expect(await participants.isManager(outsider, 99)).to.equal(true);
  });
});
