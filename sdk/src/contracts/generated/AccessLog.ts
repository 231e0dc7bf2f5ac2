// Generated from contracts/ by `npm run generate`. Do not edit.
export const accessLogAbi = [
  {
    "inputs": [
      {
        "internalType": "contract IAccessManager",
        "name": "authority",
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
        "internalType": "contract ISessionForwarder",
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
    "inputs": [],
    "name": "KeyHashMissing",
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
    "name": "NotParticipant",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "place",
        "type": "uint32"
      },
      {
        "internalType": "uint48",
        "name": "freeAt",
        "type": "uint48"
      }
    ],
    "name": "PlaceTaken",
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
        "indexed": true,
        "internalType": "address",
        "name": "accessor",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "uint32",
        "name": "sequence",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "enum Purpose",
        "name": "purpose",
        "type": "uint8"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "openedAt",
        "type": "uint48"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "keyHash",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "enum Decision",
        "name": "decision",
        "type": "uint8"
      }
    ],
    "name": "OpenRefused",
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
        "indexed": true,
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "uint32",
        "name": "sequence",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "enum Purpose",
        "name": "purpose",
        "type": "uint8"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "openedAt",
        "type": "uint48"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "keyHash",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "uint32",
        "name": "place",
        "type": "uint32"
      }
    ],
    "name": "RecordOpened",
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
        "indexed": true,
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "uint32",
        "name": "sequence",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "enum Purpose",
        "name": "purpose",
        "type": "uint8"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "openedAt",
        "type": "uint48"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "keyHash",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "uint32",
        "name": "place",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "enum Ground",
        "name": "ground",
        "type": "uint8"
      }
    ],
    "name": "RecordOpenedOnGround",
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
    "inputs": [],
    "name": "PLACE_HOLD",
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
    "name": "STRIKE_LIMIT",
    "outputs": [
      {
        "internalType": "uint32",
        "name": "",
        "type": "uint32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "STRIKE_WINDOW",
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
        "internalType": "address",
        "name": "patient",
        "type": "address"
      }
    ],
    "name": "headOf",
    "outputs": [
      {
        "internalType": "bytes28",
        "name": "head",
        "type": "bytes28"
      },
      {
        "internalType": "uint32",
        "name": "count",
        "type": "uint32"
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
        "internalType": "RecordId[]",
        "name": "recordIds",
        "type": "bytes32[]"
      },
      {
        "internalType": "enum Purpose",
        "name": "purpose",
        "type": "uint8"
      },
      {
        "internalType": "bytes32",
        "name": "keyHash",
        "type": "bytes32"
      },
      {
        "internalType": "uint32",
        "name": "place",
        "type": "uint32"
      }
    ],
    "name": "openRecords",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "permitted",
        "type": "uint256"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "address",
            "name": "accessor",
            "type": "address"
          },
          {
            "internalType": "uint32",
            "name": "place",
            "type": "uint32"
          },
          {
            "internalType": "enum Purpose",
            "name": "purpose",
            "type": "uint8"
          },
          {
            "internalType": "uint48",
            "name": "openedAt",
            "type": "uint48"
          },
          {
            "internalType": "bytes32",
            "name": "keyHash",
            "type": "bytes32"
          },
          {
            "internalType": "RecordId[]",
            "name": "recordIds",
            "type": "bytes32[]"
          }
        ],
        "internalType": "struct Opening",
        "name": "opening",
        "type": "tuple"
      }
    ],
    "name": "openingIdOf",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "openingId",
        "type": "bytes32"
      }
    ],
    "stateMutability": "pure",
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
        "internalType": "uint32",
        "name": "first",
        "type": "uint32"
      },
      {
        "internalType": "uint32",
        "name": "count",
        "type": "uint32"
      }
    ],
    "name": "placesOf",
    "outputs": [
      {
        "internalType": "uint48[]",
        "name": "freeAt",
        "type": "uint48[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "address",
            "name": "accessor",
            "type": "address"
          },
          {
            "internalType": "uint32",
            "name": "place",
            "type": "uint32"
          },
          {
            "internalType": "enum Purpose",
            "name": "purpose",
            "type": "uint8"
          },
          {
            "internalType": "uint48",
            "name": "openedAt",
            "type": "uint48"
          },
          {
            "internalType": "bytes32",
            "name": "keyHash",
            "type": "bytes32"
          },
          {
            "internalType": "RecordId[]",
            "name": "recordIds",
            "type": "bytes32[]"
          }
        ],
        "internalType": "struct Opening",
        "name": "opening",
        "type": "tuple"
      }
    ],
    "name": "standingOpening",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "openingId",
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
        "name": "accessor",
        "type": "address"
      }
    ],
    "name": "strikesOf",
    "outputs": [
      {
        "internalType": "uint32",
        "name": "count",
        "type": "uint32"
      },
      {
        "internalType": "uint48",
        "name": "since",
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
