// Generated from contracts/ by `npm run generate`. Do not edit.
export const keeperViewAbi = [
  {
    "inputs": [
      {
        "internalType": "contract IAccessLog",
        "name": "log",
        "type": "address"
      },
      {
        "internalType": "contract IConsentRegistry",
        "name": "consents",
        "type": "address"
      },
      {
        "internalType": "contract IRecordIndex",
        "name": "records",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
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
    "name": "LOG",
    "outputs": [
      {
        "internalType": "contract IAccessLog",
        "name": "",
        "type": "address"
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
    "name": "releaseState",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "openingId",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "enum Decision",
            "name": "decision",
            "type": "uint8"
          },
          {
            "internalType": "address",
            "name": "patient",
            "type": "address"
          },
          {
            "internalType": "address",
            "name": "author",
            "type": "address"
          },
          {
            "internalType": "bytes32",
            "name": "envelopeDigest",
            "type": "bytes32"
          }
        ],
        "internalType": "struct IKeeperView.RecordState[]",
        "name": "records",
        "type": "tuple[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const;
