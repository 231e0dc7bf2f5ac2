// Generated from contracts/ by `npm run generate`. Do not edit.
export const participantRegistryAbi = [
  {
    "inputs": [
      {
        "internalType": "contract IAccessManager",
        "name": "authority",
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
        "name": "wallet",
        "type": "address"
      }
    ],
    "name": "AlreadyPatient",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      }
    ],
    "name": "ApplicationChanged",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint48",
        "name": "expiresAt",
        "type": "uint48"
      }
    ],
    "name": "ExpiryInPast",
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
    "inputs": [],
    "name": "PidMissing",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      },
      {
        "internalType": "bytes32",
        "name": "pid",
        "type": "bytes32"
      }
    ],
    "name": "PidTaken",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "internalType": "enum ProviderStatus",
        "name": "actual",
        "type": "uint8"
      },
      {
        "internalType": "enum ProviderStatus",
        "name": "needed",
        "type": "uint8"
      }
    ],
    "name": "ProviderNotInStatus",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "RoleMissing",
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
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "pid",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "publicKeyHash",
        "type": "bytes32"
      }
    ],
    "name": "PatientRegistered",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      },
      {
        "components": [
          {
            "internalType": "enum Role",
            "name": "role",
            "type": "uint8"
          },
          {
            "internalType": "uint32",
            "name": "area",
            "type": "uint32"
          },
          {
            "internalType": "address",
            "name": "organisation",
            "type": "address"
          },
          {
            "internalType": "bytes32",
            "name": "credentialHash",
            "type": "bytes32"
          }
        ],
        "indexed": false,
        "internalType": "struct Application",
        "name": "application",
        "type": "tuple"
      }
    ],
    "name": "ProviderRegistered",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "manager",
        "type": "address"
      }
    ],
    "name": "ProviderReinstated",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "manager",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "expiresAt",
        "type": "uint48"
      }
    ],
    "name": "ProviderRenewed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "manager",
        "type": "address"
      }
    ],
    "name": "ProviderSuspended",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "manager",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "expiresAt",
        "type": "uint48"
      }
    ],
    "name": "ProviderVerified",
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
        "internalType": "bytes32",
        "name": "publicKeyHash",
        "type": "bytes32"
      }
    ],
    "name": "PublicKeyChanged",
    "type": "event"
  },
  {
    "inputs": [],
    "name": "AUDITOR_ROLE",
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
    "inputs": [],
    "name": "AUTHORITY",
    "outputs": [
      {
        "internalType": "contract IAccessManager",
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
        "internalType": "bytes32",
        "name": "publicKeyHash",
        "type": "bytes32"
      }
    ],
    "name": "changePublicKey",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "isAuditor",
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
        "name": "account",
        "type": "address"
      },
      {
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      }
    ],
    "name": "isManager",
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
        "name": "provider",
        "type": "address"
      }
    ],
    "name": "isVerified",
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
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      }
    ],
    "name": "managerRole",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "pure",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      },
      {
        "internalType": "bytes32",
        "name": "pid",
        "type": "bytes32"
      }
    ],
    "name": "patientAt",
    "outputs": [
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
        "name": "wallet",
        "type": "address"
      }
    ],
    "name": "patientOf",
    "outputs": [
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
        "name": "provider",
        "type": "address"
      }
    ],
    "name": "providerOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "enum Role",
            "name": "role",
            "type": "uint8"
          },
          {
            "internalType": "enum ProviderStatus",
            "name": "status",
            "type": "uint8"
          },
          {
            "internalType": "uint32",
            "name": "area",
            "type": "uint32"
          },
          {
            "internalType": "uint48",
            "name": "expiresAt",
            "type": "uint48"
          },
          {
            "internalType": "address",
            "name": "organisation",
            "type": "address"
          }
        ],
        "internalType": "struct Provider",
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
    "name": "publicKeyHashOf",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "publicKeyHash",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      },
      {
        "internalType": "bytes32",
        "name": "pid",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "publicKeyHash",
        "type": "bytes32"
      }
    ],
    "name": "registerPatient",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "enum Role",
            "name": "role",
            "type": "uint8"
          },
          {
            "internalType": "uint32",
            "name": "area",
            "type": "uint32"
          },
          {
            "internalType": "address",
            "name": "organisation",
            "type": "address"
          },
          {
            "internalType": "bytes32",
            "name": "credentialHash",
            "type": "bytes32"
          }
        ],
        "internalType": "struct Application",
        "name": "application",
        "type": "tuple"
      }
    ],
    "name": "registerProvider",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      }
    ],
    "name": "reinstateProvider",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "internalType": "uint48",
        "name": "expiresAt",
        "type": "uint48"
      }
    ],
    "name": "renewProvider",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "standingOf",
    "outputs": [
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "internalType": "enum ProviderStatus",
        "name": "status",
        "type": "uint8"
      },
      {
        "internalType": "uint48",
        "name": "expiresAt",
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
        "name": "provider",
        "type": "address"
      }
    ],
    "name": "suspendProvider",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "components": [
          {
            "internalType": "enum Role",
            "name": "role",
            "type": "uint8"
          },
          {
            "internalType": "uint32",
            "name": "area",
            "type": "uint32"
          },
          {
            "internalType": "address",
            "name": "organisation",
            "type": "address"
          },
          {
            "internalType": "bytes32",
            "name": "credentialHash",
            "type": "bytes32"
          }
        ],
        "internalType": "struct Application",
        "name": "application",
        "type": "tuple"
      },
      {
        "internalType": "uint48",
        "name": "expiresAt",
        "type": "uint48"
      }
    ],
    "name": "verifyProvider",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  }
] as const;
