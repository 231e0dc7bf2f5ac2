import { type Address, zeroAddress } from 'viem';
import { describeDecision } from '../../contracts/decisions.ts';
import { accountUri, recordUri } from '../../export/chart-entry.ts';
import { PURPOSES_OF_USE } from '../../hl7/index.ts';
import { type ExportContext, type ExportedEntry, type Exporter, isoTime } from './exported-entry.ts';

/*
 * Entries as FHIR R4 AuditEvents (hl7.org/fhir/R4/auditevent.html) in the shape of IHE's Basic Audit
 * Log Patterns (profiles.ihe.net/ITI/BALP): what was permitted is a Patient Read, what was refused an
 * Authorization Decision by consent. One resource a line, as bulk data has it.
 */

type Json = Readonly<Record<string, unknown>>;

const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const BALP = 'https://profiles.ihe.net/ITI/BALP';
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';
/** network-type: a URI, as there is no machine's address on a chain. */
const URI = '5';

/** `application/fhir+ndjson` */
export const exportFhir: Exporter = async function* (entries, context) {
  for await (const entry of entries) yield `${JSON.stringify(auditEvent(entry, context))}\n`;
};

/** One entry as an AuditEvent. */
export function auditEvent(entry: ExportedEntry, context: ExportContext): Json {
  const permitted = entry.decision === 'Permit';
  const profile = permitted ? 'IHE.BasicAudit.PatientRead' : 'IHE.BasicAudit.AuthZconsent';
  // Nobody's record has no patient and no consent, which the profile wants.
  const isShaped = entry.patient !== zeroAddress;
  return {
    resourceType: 'AuditEvent',
    id: `${entry.patient.slice(2).toLowerCase()}-${entry.sequence}`,
    ...(isShaped && { meta: { profile: [`${BALP}/StructureDefinition/${profile}`] } }),
    ...(permitted ? readEvent() : refusedEvent(entry)),
    recorded: isoTime(entry.openedAt),
    purposeOfEvent: [purposeOf(entry)],
    agent: permitted ? readAgents(entry, context) : refusedAgents(entry, context),
    source: {
      site: 'Ethereum',
      observer: who(context, context.log),
      type: [{ system: `${TERMINOLOGY}/security-source-type`, code: '6', display: 'Security Server' }],
    },
    entity: entities(entry, context, permitted),
  };
}

function readEvent(): Json {
  return {
    type: { system: `${TERMINOLOGY}/audit-event-type`, code: 'rest', display: 'RESTful Operation' },
    subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: 'read', display: 'read' }],
    action: 'R',
    outcome: '0',
  };
}

function refusedEvent({ decision }: ExportedEntry): Json {
  return {
    type: { system: DCM, code: '110113', display: 'Security Alert' },
    subtype: [
      {
        system: `${BALP}/CodeSystem/AuthZsubType`,
        code: 'AuthZ-Consent',
        display: 'Authorization Decision using Roles and Consent',
      },
    ],
    action: 'E',
    outcome: '8',
    outcomeDesc: `${decision}: ${describeDecision(decision)}`,
  };
}

function readAgents(entry: ExportedEntry, context: ExportContext): Json[] {
  return [
    agent(DCM, '110152', 'Destination Role ID', {
      who: who(context, entry.accessor),
      network: { address: accountUri(context.chainId, entry.accessor), type: URI },
    }),
    agent(DCM, '110153', 'Source Role ID', {
      who: who(context, context.log),
      network: { address: accountUri(context.chainId, context.log), type: URI },
    }),
    user(entry, context),
  ];
}

function refusedAgents(entry: ExportedEntry, context: ExportContext): Json[] {
  return [
    agent(DCM, '110150', 'Application', {
      who: who(context, entry.accessor),
      network: { address: accountUri(context.chainId, entry.accessor), type: URI },
    }),
    user(entry, context),
    // An accessor of no organisation asks for itself.
    agent(`${TERMINOLOGY}/v3-RoleClass`, 'PROV', 'healthcare provider', {
      who: who(context, entry.organisation ?? entry.accessor),
    }),
    agent(`${TERMINOLOGY}/extra-security-role-type`, 'authserver', 'authorization server', {
      who: who(context, context.log),
    }),
  ];
}

function user(entry: ExportedEntry, context: ExportContext): Json {
  return {
    ...agent(`${TERMINOLOGY}/v3-ParticipationType`, 'IRCP', 'information recipient', {
      who: who(context, entry.accessor),
      purposeOfUse: [purposeOf(entry)],
    }),
    requestor: true,
  };
}

function entities(entry: ExportedEntry, context: ExportContext, permitted: boolean): Json[] {
  const patient = {
    what: { type: 'Patient', ...who(context, entry.patient) },
    type: { system: `${TERMINOLOGY}/audit-entity-type`, code: '1', display: 'Person' },
    role: { system: `${TERMINOLOGY}/object-role`, code: '1', display: 'Patient' },
  };
  const record = { identifier: { system: 'urn:ietf:rfc:3986', value: recordUri(entry.recordId) } };
  if (permitted) {
    return [
      patient,
      {
        what: record,
        type: { system: `${TERMINOLOGY}/audit-entity-type`, code: '2', display: 'System Object' },
        role: { system: `${TERMINOLOGY}/object-role`, code: '4', display: 'Domain Resource' },
      },
      {
        what: { identifier: { value: entry.transactionHash } },
        type: { system: `${BALP}/CodeSystem/BasicAuditEntityType`, code: 'XrequestId' },
      },
    ];
  }
  const consent = {
    what: {
      type: 'Consent',
      identifier: {
        system: 'urn:ietf:rfc:3986',
        value: `${accountUri(context.chainId, entry.patient)}?accessor=${entry.accessor}`,
      },
    },
    type: { system: 'http://hl7.org/fhir/resource-types', code: 'Consent', display: 'Consent' },
    detail: [
      { type: 'record', valueString: recordUri(entry.recordId) },
      { type: 'transaction', valueString: entry.transactionHash },
    ],
  };
  return entry.patient === zeroAddress ? [consent] : [patient, consent];
}

function agent(system: string, code: string, display: string, more: Json): Json {
  return { type: { coding: [{ system, code, display }] }, requestor: false, ...more };
}

function who({ chainId }: ExportContext, account: Address): { readonly identifier: Json } {
  return { identifier: { system: 'urn:ietf:rfc:3986', value: accountUri(chainId, account) } };
}

function purposeOf({ purpose }: ExportedEntry): Json {
  const { system, code, display } =
    PURPOSES_OF_USE.find((known) => known.code === purpose) ?? PURPOSES_OF_USE[0];
  return { coding: [{ system, code, display }] };
}
