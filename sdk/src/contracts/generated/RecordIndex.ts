// Generated from contracts/ by `npm run generate`. Do not edit.
export const recordIndexAbi = [
  {
    "inputs": [
      {
        "internalType": "contract IParticipantRegistry",
        "name": "participants",
        "type": "address"
      },
      {
        "internalType": "contract IConsentRegistry",
        "name": "consents",
        "type": "address"
      },
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
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "AlreadySuperseded",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "size",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "max",
        "type": "uint256"
      }
    ],
    "name": "BatchSizeInvalid",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint8",
        "name": "compartment",
        "type": "uint8"
      }
    ],
    "name": "CompartmentInvalid",
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
    "name": "NotConsents",
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
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "internalType": "uint8",
        "name": "compartment",
        "type": "uint8"
      }
    ],
    "name": "NotPermittedToWrite",
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
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "RecordExists",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "RecordIdMissing",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "internalType": "enum RecordStatus",
        "name": "actual",
        "type": "uint8"
      },
      {
        "internalType": "enum RecordStatus",
        "name": "needed",
        "type": "uint8"
      }
    ],
    "name": "RecordNotInStatus",
    "type": "error"
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
        "indexed": false,
        "internalType": "uint8",
        "name": "compartment",
        "type": "uint8"
      }
    ],
    "name": "RecordAccepted",
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
        "name": "author",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint8",
        "name": "compartment",
        "type": "uint8"
      }
    ],
    "name": "RecordAdded",
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
        "indexed": false,
        "internalType": "uint8",
        "name": "compartment",
        "type": "uint8"
      }
    ],
    "name": "RecordMoved",
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
      }
    ],
    "name": "RecordRejected",
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
      }
    ],
    "name": "RecordRetired",
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
        "indexed": false,
        "internalType": "bytes32",
        "name": "envelopeDigest",
        "type": "bytes32"
      }
    ],
    "name": "RecordRewrapped",
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
        "name": "author",
        "type": "address"
      }
    ],
    "name": "RecordSubmitted",
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
        "internalType": "RecordId",
        "name": "previous",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "patient",
        "type": "address"
      }
    ],
    "name": "RecordSuperseded",
    "type": "event"
  },
  {
    "inputs": [],
    "name": "CONSENTS",
    "outputs": [
      {
        "internalType": "contract IConsentRegistry",
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "MAX_BATCH",
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
    "inputs": [
      {
        "internalType": "RecordId[]",
        "name": "recordIds",
        "type": "bytes32[]"
      },
      {
        "internalType": "uint8[]",
        "name": "compartments",
        "type": "uint8[]"
      }
    ],
    "name": "acceptRecords",
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
        "name": "patient",
        "type": "address"
      },
      {
        "internalType": "uint8",
        "name": "compartment",
        "type": "uint8"
      }
    ],
    "name": "addRecord",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId[]",
        "name": "recordIds",
        "type": "bytes32[]"
      },
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "internalType": "uint8[]",
        "name": "compartments",
        "type": "uint8[]"
      }
    ],
    "name": "addRecords",
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
      }
    ],
    "name": "authorOf",
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
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "envelopeOf",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
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
        "internalType": "uint8",
        "name": "compartment",
        "type": "uint8"
      }
    ],
    "name": "moveRecord",
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
        "internalType": "bool",
        "name": "stands",
        "type": "bool"
      }
    ],
    "name": "noteRestriction",
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
      }
    ],
    "name": "recordOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "address",
            "name": "patient",
            "type": "address"
          },
          {
            "internalType": "uint8",
            "name": "compartment",
            "type": "uint8"
          },
          {
            "internalType": "enum RecordStatus",
            "name": "status",
            "type": "uint8"
          },
          {
            "internalType": "bool",
            "name": "authoredByPatient",
            "type": "bool"
          },
          {
            "internalType": "bool",
            "name": "rewrapped",
            "type": "bool"
          },
          {
            "internalType": "bool",
            "name": "superseded",
            "type": "bool"
          },
          {
            "internalType": "bool",
            "name": "supersedes",
            "type": "bool"
          }
        ],
        "internalType": "struct Record",
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
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "rejectRecord",
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
      }
    ],
    "name": "retireRecord",
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
        "internalType": "bytes32",
        "name": "envelopeDigest",
        "type": "bytes32"
      }
    ],
    "name": "rewrapRecord",
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
      }
    ],
    "name": "slotOfRecord",
    "outputs": [
      {
        "internalType": "RecordSlot",
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
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      }
    ],
    "name": "submitRecord",
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
        "internalType": "RecordId",
        "name": "previous",
        "type": "bytes32"
      }
    ],
    "name": "supersedeRecord",
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
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "versionsOf",
    "outputs": [
      {
        "internalType": "RecordId",
        "name": "previous",
        "type": "bytes32"
      },
      {
        "internalType": "RecordId",
        "name": "next",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const;
