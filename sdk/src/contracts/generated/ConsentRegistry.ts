// Generated from contracts/ by `npm run generate`. Do not edit.
export const consentRegistryAbi = [
  {
    "inputs": [
      {
        "internalType": "contract IParticipantRegistry",
        "name": "participants",
        "type": "address"
      },
      {
        "internalType": "contract IGuardianship",
        "name": "guardianship",
        "type": "address"
      },
      {
        "internalType": "contract IEmergencyAccess",
        "name": "emergencies",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "forwarder",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      }
    ],
    "name": "AccessorInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "CompartmentsMissing",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      }
    ],
    "name": "ConsentAbsent",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      }
    ],
    "name": "ConsentStands",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "NotGuardianship",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "wallet",
        "type": "address"
      }
    ],
    "name": "NotPatient",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "NotVerified",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "NotYourRecord",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      }
    ],
    "name": "PatientUnknown",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint48",
        "name": "startsAt",
        "type": "uint48"
      },
      {
        "internalType": "uint48",
        "name": "expiresAt",
        "type": "uint48"
      }
    ],
    "name": "PeriodInvalid",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "PurposeSet",
        "name": "purposes",
        "type": "uint16"
      }
    ],
    "name": "PurposesInvalid",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      }
    ],
    "name": "RevokedInThisBlock",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "epoch",
        "type": "uint48"
      }
    ],
    "name": "AllConsentsRevoked",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      },
      {
        "components": [
          {
            "internalType": "CompartmentSet",
            "name": "compartments",
            "type": "uint64"
          },
          {
            "internalType": "PurposeSet",
            "name": "purposes",
            "type": "uint16"
          },
          {
            "internalType": "uint48",
            "name": "startsAt",
            "type": "uint48"
          },
          {
            "internalType": "uint48",
            "name": "expiresAt",
            "type": "uint48"
          },
          {
            "internalType": "bool",
            "name": "mayWrite",
            "type": "bool"
          }
        ],
        "indexed": false,
        "internalType": "struct Consent",
        "name": "consent",
        "type": "tuple"
      }
    ],
    "name": "ConsentAmended",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      },
      {
        "components": [
          {
            "internalType": "CompartmentSet",
            "name": "compartments",
            "type": "uint64"
          },
          {
            "internalType": "PurposeSet",
            "name": "purposes",
            "type": "uint16"
          },
          {
            "internalType": "uint48",
            "name": "startsAt",
            "type": "uint48"
          },
          {
            "internalType": "uint48",
            "name": "expiresAt",
            "type": "uint48"
          },
          {
            "internalType": "bool",
            "name": "mayWrite",
            "type": "bool"
          }
        ],
        "indexed": false,
        "internalType": "struct Consent",
        "name": "consent",
        "type": "tuple"
      }
    ],
    "name": "ConsentGranted",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "CompartmentSet",
        "name": "compartments",
        "type": "uint64"
      },
      {
        "indexed": false,
        "internalType": "PurposeSet",
        "name": "purposes",
        "type": "uint16"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "expiresAt",
        "type": "uint48"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "messageDigest",
        "type": "bytes32"
      }
    ],
    "name": "ConsentRequested",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      }
    ],
    "name": "ConsentRevoked",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      }
    ],
    "name": "RecordRestricted",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      }
    ],
    "name": "RequestDeclined",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      }
    ],
    "name": "RestrictionLifted",
    "type": "event"
  },
  {
    "inputs": [],
    "name": "PARTICIPANTS",
    "outputs": [
      {
        "internalType": "contract IParticipantRegistry",
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "RACE_GRACE",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "RECORDS",
    "outputs": [
      {
        "internalType": "contract IRecordIndex",
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      },
      {
        "components": [
          {
            "internalType": "CompartmentSet",
            "name": "compartments",
            "type": "uint64"
          },
          {
            "internalType": "PurposeSet",
            "name": "purposes",
            "type": "uint16"
          },
          {
            "internalType": "uint48",
            "name": "startsAt",
            "type": "uint48"
          },
          {
            "internalType": "uint48",
            "name": "expiresAt",
            "type": "uint48"
          },
          {
            "internalType": "bool",
            "name": "mayWrite",
            "type": "bool"
          }
        ],
        "internalType": "struct Consent",
        "name": "consent",
        "type": "tuple"
      }
    ],
    "name": "amendConsent",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      }
    ],
    "name": "consentOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "CompartmentSet",
            "name": "compartments",
            "type": "uint64"
          },
          {
            "internalType": "PurposeSet",
            "name": "purposes",
            "type": "uint16"
          },
          {
            "internalType": "uint48",
            "name": "startsAt",
            "type": "uint48"
          },
          {
            "internalType": "uint48",
            "name": "expiresAt",
            "type": "uint48"
          },
          {
            "internalType": "bool",
            "name": "mayWrite",
            "type": "bool"
          }
        ],
        "internalType": "struct Consent",
        "name": "consent",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      },
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "internalType": "enum Purpose",
        "name": "purpose",
        "type": "uint8"
      }
    ],
    "name": "decide",
    "outputs": [
      {
        "internalType": "enum Decision",
        "name": "decision",
        "type": "uint8"
      },
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      },
      {
        "internalType": "RecordId[]",
        "name": "recordIds",
        "type": "bytes32[]"
      },
      {
        "internalType": "enum Purpose",
        "name": "purpose",
        "type": "uint8"
      }
    ],
    "name": "decideAll",
    "outputs": [
      {
        "internalType": "Ruling[]",
        "name": "rulings",
        "type": "uint256[]"
      },
      {
        "internalType": "uint256",
        "name": "strikes",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      }
    ],
    "name": "declineRequest",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      }
    ],
    "name": "epochOf",
    "outputs": [
      {
        "internalType": "uint48",
        "name": "",
        "type": "uint48"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      },
      {
        "components": [
          {
            "internalType": "CompartmentSet",
            "name": "compartments",
            "type": "uint64"
          },
          {
            "internalType": "PurposeSet",
            "name": "purposes",
            "type": "uint16"
          },
          {
            "internalType": "uint48",
            "name": "startsAt",
            "type": "uint48"
          },
          {
            "internalType": "uint48",
            "name": "expiresAt",
            "type": "uint48"
          },
          {
            "internalType": "bool",
            "name": "mayWrite",
            "type": "bool"
          }
        ],
        "internalType": "struct Consent",
        "name": "consent",
        "type": "tuple"
      }
    ],
    "name": "grantConsent",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      }
    ],
    "name": "isRestricted",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "forwarder",
        "type": "address"
      }
    ],
    "name": "isTrustedForwarder",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      }
    ],
    "name": "liftRestriction",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      }
    ],
    "name": "noteMove",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "internalType": "CompartmentSet",
        "name": "compartments",
        "type": "uint64"
      },
      {
        "internalType": "PurposeSet",
        "name": "purposes",
        "type": "uint16"
      },
      {
        "internalType": "uint48",
        "name": "expiresAt",
        "type": "uint48"
      },
      {
        "internalType": "bytes32",
        "name": "messageDigest",
        "type": "bytes32"
      }
    ],
    "name": "requestConsent",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      }
    ],
    "name": "restrictRecord",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "revokeAll",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      }
    ],
    "name": "revokeConsent",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "trustedForwarder",
    "outputs": [
      {
        "internalType": "address",
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      }
    ],
    "name": "writableBy",
    "outputs": [
      {
        "internalType": "CompartmentSet",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const;
