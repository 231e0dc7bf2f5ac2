// Generated from contracts/ by `npm run generate`. Do not edit.
export const emergencyAccessAbi = [
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "guardianship",
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
        "name": "account",
        "type": "address"
      }
    ],
    "name": "AlreadyConfirmed",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "BoundAlready",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
      }
    ],
    "name": "EmergencyNotPending",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
      }
    ],
    "name": "EmergencyNotYours",
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
    "name": "EmergencySetEmpty",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
      }
    ],
    "name": "EmergencyStands",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
      }
    ],
    "name": "GuardiansChanged",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "NotClinician",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      },
      {
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      }
    ],
    "name": "NotManager",
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
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
      }
    ],
    "name": "NothingToReview",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ReasonMissing",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "other",
        "type": "address"
      }
    ],
    "name": "SameCredential",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "SelfConfirmation",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
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
        "name": "confirmer",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "bool",
        "name": "asGuardian",
        "type": "bool"
      }
    ],
    "name": "EmergencyConfirmed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
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
        "name": "requester",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "bool",
        "name": "byPatient",
        "type": "bool"
      }
    ],
    "name": "EmergencyEnded",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
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
        "name": "requester",
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
        "internalType": "uint48",
        "name": "endsAt",
        "type": "uint48"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "reviewDueAt",
        "type": "uint48"
      }
    ],
    "name": "EmergencyOpened",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
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
        "name": "requester",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "enum EmergencyReason",
        "name": "reason",
        "type": "uint8"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "messageDigest",
        "type": "bytes32"
      }
    ],
    "name": "EmergencyRequested",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
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
        "name": "requester",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "address",
        "name": "reviewer",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "enum EmergencyReview",
        "name": "review",
        "type": "uint8"
      }
    ],
    "name": "EmergencyReviewed",
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
        "indexed": false,
        "internalType": "CompartmentSet",
        "name": "compartments",
        "type": "uint64"
      }
    ],
    "name": "EmergencySetChanged",
    "type": "event"
  },
  {
    "inputs": [],
    "name": "EMERGENCY_PERIOD",
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
    "name": "REQUEST_WINDOW",
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
    "name": "REVIEW_WINDOW",
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
    "inputs": [
      {
        "internalType": "contract IParticipantRegistry",
        "name": "participants",
        "type": "address"
      }
    ],
    "name": "bind",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "boundParticipants",
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
    "inputs": [
      {
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
      }
    ],
    "name": "coSignEmergency",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
      },
      {
        "internalType": "address[]",
        "name": "guardians",
        "type": "address[]"
      }
    ],
    "name": "confirmEmergency",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "emergencyCount",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
      }
    ],
    "name": "emergencyOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "address",
            "name": "patient",
            "type": "address"
          },
          {
            "internalType": "uint48",
            "name": "requestedAt",
            "type": "uint48"
          },
          {
            "internalType": "enum EmergencyReason",
            "name": "reason",
            "type": "uint8"
          },
          {
            "internalType": "enum EmergencyReview",
            "name": "review",
            "type": "uint8"
          },
          {
            "internalType": "uint8",
            "name": "guardianConfirmations",
            "type": "uint8"
          },
          {
            "internalType": "address",
            "name": "requester",
            "type": "address"
          },
          {
            "internalType": "uint32",
            "name": "area",
            "type": "uint32"
          },
          {
            "internalType": "uint48",
            "name": "openedAt",
            "type": "uint48"
          },
          {
            "internalType": "address",
            "name": "coSigner",
            "type": "address"
          },
          {
            "internalType": "uint48",
            "name": "endsAt",
            "type": "uint48"
          },
          {
            "internalType": "uint48",
            "name": "guardiansRound",
            "type": "uint48"
          }
        ],
        "internalType": "struct Emergency",
        "name": "",
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
        "name": "patient",
        "type": "address"
      }
    ],
    "name": "emergencySetOf",
    "outputs": [
      {
        "internalType": "CompartmentSet",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
      }
    ],
    "name": "endEmergency",
    "outputs": [],
    "stateMutability": "nonpayable",
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
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "internalType": "enum EmergencyReason",
        "name": "reason",
        "type": "uint8"
      },
      {
        "internalType": "bytes32",
        "name": "messageDigest",
        "type": "bytes32"
      }
    ],
    "name": "requestEmergency",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
      },
      {
        "internalType": "bool",
        "name": "justified",
        "type": "bool"
      }
    ],
    "name": "reviewEmergency",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "emergencyId",
        "type": "uint64"
      }
    ],
    "name": "reviewOf",
    "outputs": [
      {
        "internalType": "enum EmergencyReview",
        "name": "review",
        "type": "uint8"
      },
      {
        "internalType": "uint48",
        "name": "dueAt",
        "type": "uint48"
      },
      {
        "internalType": "bool",
        "name": "overdue",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "CompartmentSet",
        "name": "compartments",
        "type": "uint64"
      }
    ],
    "name": "setEmergencySet",
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
        "name": "requester",
        "type": "address"
      }
    ],
    "name": "standingOf",
    "outputs": [
      {
        "internalType": "CompartmentSet",
        "name": "compartments",
        "type": "uint64"
      },
      {
        "internalType": "uint48",
        "name": "endsAt",
        "type": "uint48"
      }
    ],
    "stateMutability": "view",
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
  }
] as const;
